export { type AnyModel, anyModelMethod, loadAnyModel, readAnyModel } from './any-model.ts'
export { type NetworkDescription, networkSchema } from './description.ts'
export { loadNetwork } from './network-method.ts'
