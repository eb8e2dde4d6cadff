export { gridLaw } from './grid-law.ts'
