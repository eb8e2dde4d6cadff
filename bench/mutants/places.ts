import ts from 'typescript'

/** One small change of a source file. */
export interface Mutant {
  readonly file: string
  /** 1, 2, … */
  readonly line: number
  readonly operator: string
  readonly start: number
  readonly end: number
  readonly original: string
  readonly replacement: string
}

const SWAPPED: Readonly<Record<string, readonly [operator: string, replacement: string]>> = {
  '+': ['arithmetic', '-'],
  '-': ['arithmetic', '+'],
  '*': ['arithmetic', '/'],
  '/': ['arithmetic', '*'],
  '**': ['arithmetic', '*'],
  '%': ['arithmetic', '*'],
  '+=': ['arithmetic', '-='],
  '-=': ['arithmetic', '+='],
  '*=': ['arithmetic', '/='],
  '/=': ['arithmetic', '*='],
  '<': ['comparison', '<='],
  '<=': ['comparison', '<'],
  '>': ['comparison', '>='],
  '>=': ['comparison', '>'],
  '===': ['comparison', '!=='],
  '!==': ['comparison', '==='],
  '&&': ['boolean', '||'],
  '||': ['boolean', '&&'],
}

const SWAPPED_NAMES: Readonly<Record<string, string>> = {
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  round: 'floor',
  sin: 'cos',
  cos: 'sin',
}

/**
 * All changes there are of a file: arithmetic, comparison, sign, number (one more, or twice), boolean, condition, removed
 * statement, swapped arguments. Types, imports and what is thrown are left as they are.
 */
export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: Mutant[] = []

  function add(operator: string, node: { getStart(): number; getEnd(): number }, replacement: string): void {
    const [start, end] = [node.getStart(), node.getEnd()]
    const line = source.getLineAndCharacterOfPosition(start).line + 1
    found.push({ file, line, operator, start, end, original: text.slice(start, end), replacement })
  }

  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return
    // of an error only whether it is thrown counts here
    if (ts.isThrowStatement(node)) return
    if (ts.isBinaryExpression(node)) binary(node)
    else if (ts.isPrefixUnaryExpression(node)) prefix(node)
    else if (ts.isPostfixUnaryExpression(node))
      add(
        'arithmetic',
        node,
        `${node.operand.getText()}${text.slice(node.operand.getEnd(), node.getEnd()) === '++' ? '--' : '++'}`,
      )
    else if (ts.isNumericLiteral(node)) number(node)
    else if (node.kind === ts.SyntaxKind.TrueKeyword) add('boolean', node, 'false')
    else if (node.kind === ts.SyntaxKind.FalseKeyword) add('boolean', node, 'true')
    else if (ts.isIfStatement(node)) {
      add('condition', node.expression, 'true')
      add('condition', node.expression, 'false')
    } else if (ts.isConditionalExpression(node)) {
      add('condition', node.condition, 'true')
      add('condition', node.condition, 'false')
    } else if (ts.isCallExpression(node)) call(node)
    else if (ts.isExpressionStatement(node) || ts.isContinueStatement(node) || ts.isBreakStatement(node))
      add('removed statement', node, ';')
    ts.forEachChild(node, visit)
  }

  function binary({ left, operatorToken, right }: ts.BinaryExpression): void {
    const operator = operatorToken.getText()
    if (!Object.hasOwn(SWAPPED, operator)) return
    if (/^[+-]=?$/.test(operator) && [left, right].some(isText)) return
    const [name, replacement] = SWAPPED[operator]
    add(name, operatorToken, replacement)
    if (operator === '<' || operator === '>') add(name, operatorToken, operator === '<' ? '>=' : '<=')
  }

  function prefix(node: ts.PrefixUnaryExpression): void {
    const operand = node.operand.getText()
    if (node.operator === ts.SyntaxKind.MinusToken) add('sign', node, operand)
    else if (node.operator === ts.SyntaxKind.ExclamationToken) add('boolean', node, operand)
    else if (node.operator === ts.SyntaxKind.PlusPlusToken) add('arithmetic', node, `--${operand}`)
    else if (node.operator === ts.SyntaxKind.MinusMinusToken) add('arithmetic', node, `++${operand}`)
  }

  function number(node: ts.NumericLiteral): void {
    const value = Number(node.text)
    if (ts.isPropertyAssignment(node.parent) && node.parent.name === node) return
    add('number', node, String(Number.isInteger(value) && value < 1e6 ? value + 1 : 2 * value))
    if (value === 1) add('number', node, '0')
  }

  function call({ expression, arguments: list }: ts.CallExpression): void {
    if (ts.isPropertyAccessExpression(expression) && expression.expression.getText() === 'Math') {
      const name = expression.name.getText()
      if (Object.hasOwn(SWAPPED_NAMES, name)) add('function', expression.name, SWAPPED_NAMES[name])
      // the order does not matter to these
      if (/^(min|max|hypot)$/.test(name)) return
    }
    for (let i = 0; i + 1 < list.length; i++) {
      const [first, second] = [list[i], list[i + 1]]
      if (
        [first, second].some((item) => ts.isArrowFunction(item) || ts.isSpreadElement(item) || isText(item))
      )
        continue
      if (first.getText() === second.getText()) continue
      const pair = { getStart: () => first.getStart(), getEnd: () => second.getEnd() }
      const between = text.slice(first.getEnd(), second.getStart())
      add('swapped arguments', pair, `${second.getText()}${between}${first.getText()}`)
    }
  }

  visit(source)
  return found
}

/** Whether a node is text, as far as it can be seen. */
function isText(node: ts.Node): boolean {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return true
  return ts.isBinaryExpression(node) && [node.left, node.right].some(isText)
}
