/** The pages of the site that are files of the repository, in the order of the side bar. */
export const sections = [
  {
    text: 'Guide',
    pages: [
      ['README.md', 'consistency-pde'],
      ['docs/guide/tutorial.md', 'Tutorial'],
      ['docs/guide/index.md', 'How to choose a method'],
      ['docs/guide/equations.md', 'From the equations to the code'],
      ['docs/guide/playground.md', 'Playground'],
      ['docs/guide/report.md', 'The report'],
      ['docs/guide/diagnose.md', 'What an error is most like'],
      ['docs/guide/training-curves.md', 'What training curves look like'],
      ['docs/guide/glossary.md', 'Glossary'],
      ['docs/guide/sweeps.md', 'Sweeps'],
      ['notebooks/README.md', 'Notebooks'],
    ],
  },
  {
    text: 'Methods',
    pages: [
      ['docs/guide/exact.md', 'Exact maps'],
      ['docs/guide/characteristics.md', 'Characteristics'],
      ['docs/guide/forward-map.md', 'Forward-map grid'],
      ['docs/guide/grids.md', 'Eulerian grids'],
      ['docs/guide/samplers.md', 'Samplers'],
      ['docs/guide/processes.md', 'Processes'],
      ['docs/guide/networks.md', 'Networks'],
      ['docs/losses.md', 'The losses'],
    ],
  },
  {
    text: 'Reference',
    pages: [
      ['docs/mathematics.md', 'Mathematics'],
      ['docs/problem-files.md', 'Problem files'],
      ['docs/your-own-network.md', 'Your own network'],
      ['examples/README.md', 'Examples in PyTorch and JAX'],
      ['problems/README.md', 'Named problems'],
      ['docs/backends.md', 'Backends'],
      ['experiments/README.md', 'Experiments'],
      ['bench/README.md', 'Benches'],
      ['data/README.md', 'Data'],
      ['docs/architecture.md', 'The map of the code'],
      ['docs/prior-work.md', 'Prior work'],
      ['CHANGELOG.md', 'Changes'],
    ],
  },
] as const
