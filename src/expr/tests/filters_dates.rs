//! Filters of dates.

use insta::assert_snapshot;

use super::check_bare;

#[test]
fn dates() {
    assert_snapshot!(check_bare(r##"
        execution.startDate | date
        execution.startDate | date('yyyy-MM-dd')
        execution.startDate | date(format='iso_date', timeZone='Asia/Tokyo')
        execution.startDate | date('iso_sec')
        execution.startDate | date('sql')
        execution.startDate | date('sql_seq')
        execution.startDate | date('iso_date_time')
        execution.startDate | date('iso_zoned_date_time', 'Europe/Paris')
        execution.startDate | date('iso_time')
        execution.startDate | date('iso_local_date')
        execution.startDate | date('iso_instant')
        execution.startDate | date('iso_local_date_time')
        execution.startDate | date('iso_local_time')
        execution.startDate | date('iso_offset_time', '+05:30')
        execution.startDate | date('iso_ordinal_date')
        execution.startDate | date('iso_week_date')
        '2023-01-01' | date('iso_week_date')
        execution.startDate | date('rfc_1123_date_time')
        execution.startDate | date('full')
        execution.startDate | date('long')
        execution.startDate | date('medium')
        execution.startDate | date('short')
        execution.startDate | date("EEE EEEE EEEEE MMM MMMM d/M/yy D h:m:s a H k K SSS S n 'o''clock' QQQ G")
        execution.startDate | date('X XX XXX x xxx Z ZZZZ O z VV', 'Europe/Paris')
        execution.startDate | date('Z z', 'UTC')
        execution.startDate | date('w')
        execution.startDate | date('j')
        execution.startDate | date("yyyy 'open")
        execution.startDate | date('HH:mm', timeZone='Mars/Base')
        execution.startDate | date('EEE', locale='fr')
        '2024-07-01T12:00:00+02:00' | date('HH:mm XXX')
        '2024-07-01T12:00:00' | date('HH:mm XXX', timeZone='America/New_York')
        '2024-03-10T02:30:00' | date('HH:mm z', timeZone='America/New_York')
        '2024-11-03T01:30:00' | date('HH:mm z', timeZone='America/New_York')
        '2024-03-31T01:00:00Z' | date('HH:mm z', timeZone='Europe/Paris')
        '2024-10-27T01:00:00Z' | date('HH:mm z', timeZone='Europe/Paris')
        '2024-01-01T00:00:00Z' | date('HH:mm z', timeZone='Australia/Sydney')
        '2024-07-01' | date('iso_sec', timeZone='Europe/Berlin')
        1704067200 | date
        1704067200123 | date
        '03/02/2024 05:06 PM' | date('iso_sec', existingFormat='dd/MM/yyyy hh:mm a')
        '3 Feb 2024' | date('iso_date', existingFormat='d MMM yyyy')
        'soon' | date
        null | date
        execution.startDate | dateAdd(1, 'DAYS')
        execution.startDate | dateAdd(-1, 'MONTHS', 'yyyy-MM-dd')
        '2024-01-31' | dateAdd(1, 'MONTHS', format='yyyy-MM-dd')
        '2024-02-29' | dateAdd(1, 'YEARS', format='yyyy-MM-dd')
        '2024-03-30T12:00:00' | dateAdd(1, 'DAYS', 'iso_sec', 'Europe/Paris')
        '2024-01-01' | dateAdd(1, 'WEEKS', 'iso_date')
        '2024-01-01' | dateAdd(90, 'MINUTES', 'iso_sec')
        '2024-01-01' | dateAdd(1, 'HALF_DAYS', 'iso_sec')
        '2024-01-01' | dateAdd(1, 'CENTURIES', 'iso_date')
        '2024-01-01' | dateAdd(1, 'FORTNIGHTS')
        '2024-01-01' | dateAdd(999999999999999, 'YEARS')
        execution.startDate | timestamp
        execution.startDate | timestampMilli
        execution.startDate | timestampMicro
        execution.startDate | timestampNano
    "##), @r#"
    execution.startDate | date => 2024-01-01T00:00:00.123000Z
    execution.startDate | date('yyyy-MM-dd') => 2024-01-01
    execution.startDate | date(format='iso_date', timeZone='Asia/Tokyo') => 2024-01-01+09:00
    execution.startDate | date('iso_sec') => 2024-01-01T00:00:00Z
    execution.startDate | date('sql') => 2024-01-01 00:00:00.123000
    execution.startDate | date('sql_seq') => 2024-01-01 00:00:00
    execution.startDate | date('iso_date_time') => 2024-01-01T00:00:00.123Z[UTC]
    execution.startDate | date('iso_zoned_date_time', 'Europe/Paris') => 2024-01-01T01:00:00.123+01:00[Europe/Paris]
    execution.startDate | date('iso_time') => 00:00:00.123Z
    execution.startDate | date('iso_local_date') => 2024-01-01
    execution.startDate | date('iso_instant') => 2024-01-01T00:00:00.123Z
    execution.startDate | date('iso_local_date_time') => 2024-01-01T00:00:00.123
    execution.startDate | date('iso_local_time') => 00:00:00.123
    execution.startDate | date('iso_offset_time', '+05:30') => 05:30:00.123+05:30
    execution.startDate | date('iso_ordinal_date') => 2024-001Z
    execution.startDate | date('iso_week_date') => 2024-W01-1Z
    '2023-01-01' | date('iso_week_date') => 2022-W52-7Z
    execution.startDate | date('rfc_1123_date_time') => Mon, 1 Jan 2024 00:00:00 GMT
    execution.startDate | date('full') => Monday, January 1, 2024, 12:00:00\u{202f}AM Coordinated Universal Time
    execution.startDate | date('long') => January 1, 2024, 12:00:00\u{202f}AM UTC
    execution.startDate | date('medium') => Jan 1, 2024, 12:00:00\u{202f}AM
    execution.startDate | date('short') => 1/1/24, 12:00\u{202f}AM
    execution.startDate | date("EEE EEEE EEEEE MMM MMMM d/M/yy D h:m:s a H k K SSS S n 'o''clock' QQQ G") => Mon Monday M Jan January 1/1/24 1 12:0:0 AM 0 24 0 123 1 123000000 o'clock Q1 AD
    execution.startDate | date('X XX XXX x xxx Z ZZZZ O z VV', 'Europe/Paris') => +01 +0100 +01:00 +01 +01:00 +0100 GMT+01:00 GMT+01:00 CET Europe/Paris
    execution.startDate | date('Z z', 'UTC') => +0000 UTC
    execution.startDate | date('w') => 1
    execution.startDate | date('j') => error: Unknown pattern letter: j (…:1)
    execution.startDate | date("yyyy 'open") => error: Pattern ends with an incomplete string literal: yyyy 'open (…:1)
    execution.startDate | date('HH:mm', timeZone='Mars/Base') => ⟨date in Mars/Base⟩ (unknown: date in Mars/Base)
    execution.startDate | date('EEE', locale='fr') => lun.
    '2024-07-01T12:00:00+02:00' | date('HH:mm XXX') => 10:00 Z
    '2024-07-01T12:00:00' | date('HH:mm XXX', timeZone='America/New_York') => 12:00 -04:00
    '2024-03-10T02:30:00' | date('HH:mm z', timeZone='America/New_York') => 03:30 EDT
    '2024-11-03T01:30:00' | date('HH:mm z', timeZone='America/New_York') => 01:30 EDT
    '2024-03-31T01:00:00Z' | date('HH:mm z', timeZone='Europe/Paris') => 03:00 CEST
    '2024-10-27T01:00:00Z' | date('HH:mm z', timeZone='Europe/Paris') => 02:00 CET
    '2024-01-01T00:00:00Z' | date('HH:mm z', timeZone='Australia/Sydney') => 11:00 AEDT
    '2024-07-01' | date('iso_sec', timeZone='Europe/Berlin') => 2024-07-01T00:00:00+02:00
    1704067200 | date => 2024-01-01T00:00:00.000000Z
    1704067200123 | date => 2024-01-01T00:00:00.123000Z
    '03/02/2024 05:06 PM' | date('iso_sec', existingFormat='dd/MM/yyyy hh:mm a') => 2024-02-03T17:06:00Z
    '3 Feb 2024' | date('iso_date', existingFormat='d MMM yyyy') => 2024-02-03Z
    'soon' | date => error: Text 'soon' could not be parsed at index 0 (…:1)
    null | date => 
    execution.startDate | dateAdd(1, 'DAYS') => 2024-01-02T00:00:00.123000Z
    execution.startDate | dateAdd(-1, 'MONTHS', 'yyyy-MM-dd') => 2023-12-01
    '2024-01-31' | dateAdd(1, 'MONTHS', format='yyyy-MM-dd') => 2024-02-29
    '2024-02-29' | dateAdd(1, 'YEARS', format='yyyy-MM-dd') => 2025-02-28
    '2024-03-30T12:00:00' | dateAdd(1, 'DAYS', 'iso_sec', 'Europe/Paris') => 2024-03-31T12:00:00+02:00
    '2024-01-01' | dateAdd(1, 'WEEKS', 'iso_date') => 2024-01-08Z
    '2024-01-01' | dateAdd(90, 'MINUTES', 'iso_sec') => 2024-01-01T01:30:00Z
    '2024-01-01' | dateAdd(1, 'HALF_DAYS', 'iso_sec') => 2024-01-01T12:00:00Z
    '2024-01-01' | dateAdd(1, 'CENTURIES', 'iso_date') => 2124-01-01Z
    '2024-01-01' | dateAdd(1, 'FORTNIGHTS') => error: No enum constant java.time.temporal.ChronoUnit.FORTNIGHTS (…:1)
    '2024-01-01' | dateAdd(999999999999999, 'YEARS') => error: the date is beyond the calendar (…:1)
    execution.startDate | timestamp => 1704067200
    execution.startDate | timestampMilli => 1704067200123
    execution.startDate | timestampMicro => 1704067200123000
    execution.startDate | timestampNano => 1704067200123000000
    "#);
}
