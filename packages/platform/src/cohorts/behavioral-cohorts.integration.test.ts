import { playBehavior } from './play-behavior.fixture.ts'

playBehavior('behavioural cohorts')
