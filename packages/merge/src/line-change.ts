/** Lines `aStart … aEnd` of one text became lines `bStart … bEnd` of the other; from 0, ends excluded. */
export interface LineChange {
  aStart: number;
  aEnd: number;
  bStart: number;
  bEnd: number;
}
