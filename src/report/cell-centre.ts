/** The centre of cell i of equal ones that cover −halfWidth to halfWidth. */
export function cellCentre(i: number, cells: number, halfWidth: number): number {
  return halfWidth * ((2 * i + 1) / cells - 1)
}
