import { testStreams } from './properties.ts';

testStreams(['responses']);
