import type { DemoBody } from '@hedgerow/protocol'

const about =
  'Ninety days of an invented product: people, companies, payments, flags and experiments. It is a project of its own, and can be deleted like any other.'

/** What is offered, by how the demo stands. */
export function demoWords({ status }: Pick<DemoBody, 'status'>): { title: string; note: string } {
  switch (status) {
    case 'none':
      return { title: 'Just looking?', note: about }
    case 'filling':
      return { title: 'The demo is being made', note: about }
    case 'interrupted':
      return {
        title: 'The demo is not whole yet',
        note: 'The server was stopped while it was being made. It goes on where it was broken off.',
      }
    case 'ready':
      return { title: 'The demo is there', note: about }
  }
}
