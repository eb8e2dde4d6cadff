export { type NetworkDescription, networkSchema } from '../../../src/nn/foreign/description.ts'
export { type AnyModel, anyModelMethod, loadAnyModel, readAnyModel } from './any-model.ts'
export { loadNetwork } from './network-method.ts'
