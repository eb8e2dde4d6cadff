import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as tf from '@tensorflow/tfjs-core'
import { useBackend } from '../src/backend/index.ts'
import { dualDense } from '../src/nn/dense.ts'
import { optimisers } from '../src/nn/optimisers/index.ts'
setFlagsFromString('--expose-gc'); const gc = runInNewContext('gc')
await useBackend('simd')
const n=40
const variables=[tf.variable(tf.randomNormal([3,32])),tf.variable(tf.zeros([32])),tf.variable(tf.randomNormal([32,2])),tf.variable(tf.zeros([2]))]
const o=optimisers.adam()(variables); const [a,b,c,d]=variables as any
const step=()=>tf.tidy(()=>{const {grads}=tf.variableGrads(()=>tf.sum(tf.square(dualDense(dualDense(tf.ones([2*n,3]),a,b,'tanh'),c,d,'linear'))) as any,variables);o.step(variables.map(v=>grads[v.name]),1e-3)})
for(let r=0;r<8;r++){for(let k=0;k<(r?5000:500);k++)step();gc();gc();console.log(process.memoryUsage().heapUsed/1e6, process.memoryUsage().external/1e6,process.memoryUsage().rss/1e6)}
