import { testStreams } from './properties.ts';

testStreams(['chat']);
