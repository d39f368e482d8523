import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Empty } from '../ui/states.tsx'

/** In the frame of someone who is signed in. */
export function NotFound() {
  return (
    <>
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
    </>
  )
}

/** Where there is no frame around it. */
export function NotFoundAlone() {
  return (
    <main>
      <NotFound />
    </main>
  )
}
