const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for a day that can stand in a birth date; leap years only where the year is given. */
export function isCalendarDay(month: number, day: number, year?: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > (DAYS[month - 1] ?? 0)) return false;
  if (year === undefined || month !== 2 || day < 29) return true;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** `YYYYMMDD` within 1850–2099: a fixed range, so that results do not depend on the clock. */
export function isBirthday8(digits: string): boolean {
  const year = Number(digits.slice(0, 4));
  return (
    year >= 1850 &&
    year <= 2099 &&
    isCalendarDay(Number(digits.slice(4, 6)), Number(digits.slice(6, 8)), year)
  );
}

/** `YYMMDD`, century unknown. */
export function isBirthday6(digits: string): boolean {
  return isCalendarDay(Number(digits.slice(2, 4)), Number(digits.slice(4, 6)));
}
