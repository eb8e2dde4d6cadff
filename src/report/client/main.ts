import { startErrorView } from './error-view.ts'
import { startHover } from './hover.ts'
import { startSwitches } from './switches.ts'
import { startTheme } from './theme.ts'
import { createTools } from './tools.ts'

const tools = createTools()
startErrorView()
startSwitches(tools)
startTheme(tools)
startHover()
