import { testStreams } from './properties.ts';

testStreams(['completions', 'messages']);
