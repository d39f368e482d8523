import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Empty } from '../ui/states.tsx'

export function NotFound() {
  return (
    <main>
      <title>Not found · Hedgerow</title>
      <Empty
        heading="h1"
        title="There is no such page"
        action={
          <Button component={Link} to="/" variant="default">
            Go to the start
          </Button>
        }
      >
        The address may be mistyped, or what it led to was deleted.
      </Empty>
    </main>
  )
}
