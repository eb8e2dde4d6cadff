export { type Backend, type BackendName, useBackend } from './use-backend.ts'
