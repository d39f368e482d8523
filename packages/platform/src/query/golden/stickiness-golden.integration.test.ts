import { playGolden } from './play.fixture.ts'

playGolden('golden cases', ['stickiness'])
