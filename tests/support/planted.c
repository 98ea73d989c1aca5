#include "planted.h"

#include "files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include <cmocka.h>

enum { ROWS = 1500 };

/* As the extract has them, and as they are normalised. */
const char *const test_planted[] = {
    "LEAKREF",      "QUAXLEBURY", "Quaxlebury", "ZYRENKAVEL",    "Zyrenkavel",
    "WOBBLETHWICK", "28/07/1951", "19510728",   "1951-07-28",    "ZE3 9XQ",
    "ZE39XQ",       "7717B",      "OBERMARK",   "Obermark",      "100012345678",
    "943 476 5919", "9434765919", "AB123457",   "H801200001001", "07700 900461",
    "07700900461",  "zqplant",    "ZqPlant",    "LEAKBAD",
};
_Static_assert(sizeof test_planted / sizeof *test_planted == TEST_PLANTED,
               "as many as the header says");

static const char header[] =
    "ref,last,first,middle,born,sex,pc,house,street,uprn,nhs,nino,upn,tel,"
    "mail,seen\n";
static const char good_tail[] =
    "28/07/1951,F,ZE3 9XQ,7717B,Obermark Wynd,100012345678,943 476 5919,"
    "AB123457C,H801200001001,07700 900461,ZqPlant@leakmail.org,01/02/2026\n";

/* Rows that end in a value, a null, a rejected value or a rejected row. */
static const char *const bad_rows[] = {
    "LEAKREF02,Quaxlebury,Zyrenkavel,Wobblethwick,LEAKBADDATE,LEAKBADSEX,"
    "LEAKBADPOST,LEAKBADHOUSE,LEAKBADSTREET,LEAKBADUPRN,LEAKBADNHS,"
    "LEAKBADNINO,LEAKBADUPN,LEAKBADTEL,LEAKBADMAIL,LEAKBADSEEN\n",
    "LEAKREF03,LEAKBADRAGGED,Zyrenkavel\n",
    "LEAKREF04,LEAKBAD\"QUOTE,Zyrenkavel,,,,,,,,,,,,,\n",
    "LEAKREF05,LEAKBAD\xFF\xFEUTF,Zyrenkavel,,,,,,,,,,,,,\n",
    ",LEAKBADNOID,Zyrenkavel,,28/07/1951,,,,,,,,,,,\n",
    "LEAKREF01,LEAKBADTWICE,Zyrenkavel,,28/07/1951,,,,,,,,,,,\n",
    "LEAKREFOUT,LEAKBADOPTEDOUT,Zyrenkavel,,28/07/1951,,ZE3 9XQ,,,,,,,,,\n",
    "LEAKREF06,\"LEAKBAD (left open, Zyrenkavel,,28/07/1951,,,,,,,,,,,\n",
};

static const char mapping_text[] =
    "agency: %s\n"
    "purpose: testing\n"
    "persons:\n"
    "  file: %s.csv%s\n"
    "  id: ref\n"
    "  updated: {column: seen, format: dd/mm/yyyy}\n"
    "  columns:\n"
    "    - {field: surname, column: last}\n"
    "    - {field: forename, column: first}\n"
    "    - {field: middle, column: middle}\n"
    "    - {field: dob, column: born, format: dd/mm/yyyy}\n"
    "    - {field: sex, column: sex}\n"
    "    - {field: postcode, column: pc}\n"
    "    - {field: house, column: house}\n"
    "    - {field: street, column: street}\n"
    "    - {field: uprn, column: uprn}\n"
    "    - {field: nhs, column: nhs}\n"
    "    - {field: nino, column: nino}\n"
    "    - {field: upn, column: upn}\n"
    "    - {field: phone, column: tel}\n"
    "    - {field: email, column: mail}\n"
    "events:\n"
    "  - {file: %s_events.csv, type: offence, id: ref, start: day, format: "
    "yyyy-mm-dd, attributes: [{name: outcome, column: outcome}]}\n"
    "relations:\n"
    "  - {file: %s_relations.csv, id: child, other: parent, value: child_of, "
    "start: since, format: yyyy-mm-dd}\n";

static const char project_text[] =
    "project: leak\nepoch: e1\nrun: night\nreference_date: 2026-03-31\n"
    "key: keys/project.key\nagency_keys: keys\ndata: extracts\nout: out\n"
    "exclude: optout.csv\nagencies: [north.yaml, south.yaml]\n";

static void
put(const char *folder, const char *name, const char *text)
{
    char path[512];
    test_path(path, folder, name);
    test_write(path, text, strlen(text));
}

/* Ordinary people about the planted ones: enough of them for buffers to grow
 * and move. */
static char *
make_extract(unsigned shift)
{
    char *csv = calloc(ROWS + 20, 256);
    assert_non_null(csv);
    size_t n = (size_t)sprintf(csv, "%s", header);
    for (unsigned i = 0; i < ROWS; i++) {
        if (i == ROWS / 3)
            n += (size_t)sprintf(csv + n,
                                 "LEAKREF01,Quaxlebury,Zyrenkavel,"
                                 "Wobblethwick,%s",
                                 good_tail);
        n += (size_t)sprintf(
            csv + n,
            "R%u%04u,%c%cAR%cON,%c%cEL%cY,,%02u/%02u/%u,%c,M%u %uA%c,%u,,,,,,,,"
            "01/02/2026\n",
            shift, i, 'A' + i % 19, 'A' + i / 19 % 11, 'B' + i % 23,
            'B' + i % 13, 'C' + i / 13 % 17, 'B' + i % 21, 1 + i * 5 % 28,
            2 + i % 11, 1940 + i * 13 % 70, i % 2 == 0 ? 'F' : 'M', 1 + i % 40,
            1 + i / 40 % 9, 'D' + i / 360 % 5, 1 + i % 90);
    }
    for (size_t i = 0; i < sizeof bad_rows / sizeof *bad_rows; i++)
        n += (size_t)sprintf(csv + n, "%s", bad_rows[i]);
    return csv;
}

static void
put_mapping(const char *folder, const char *agency, const char *suffix)
{
    char name[64], text[4096];
    (void)snprintf(name, sizeof name, "%s.yaml", agency);
    (void)snprintf(text, sizeof text, mapping_text, agency, agency, suffix,
                   agency, agency);
    put(folder, name, text);
    (void)snprintf(name, sizeof name, "extracts/%s_events.csv", agency);
    put(folder, name,
        "ref,day,outcome\nLEAKREF01,2025-05-05,guilty\n"
        "LEAKREF01,LEAKBADDAY,guilty\nLEAKREF99,2025-05-05,guilty\n"
        "LEAKREF01,2025-05-05\n,2025-05-05,guilty\n");
    (void)snprintf(name, sizeof name, "extracts/%s_relations.csv", agency);
    put(folder, name,
        "child,parent,since\nLEAKREF01,LEAKREF02,2020-01-01\n"
        "LEAKREF01,LEAKREF01,2020-01-01\nLEAKREF98,LEAKREF01,2020-01-01\n"
        "LEAKREF01,LEAKREF02,LEAKBADSINCE\n");
}

void
test_planted_make(const char *folder)
{
    char path[512];
    test_path(path, folder, "extracts");
    assert_int_equal(mkdir(path, 0700), 0);
    char *csv = make_extract(1);
    put(folder, "extracts/north.csv", csv);
    free(csv);
    csv = make_extract(2);
    test_path(path, folder, "extracts/south.csv.gz");
    gzFile gz = gzopen(path, "wb");
    assert_int_equal(gzputs(gz, csv), (int)strlen(csv));
    assert_int_equal(gzclose(gz), Z_OK);
    free(csv);
    put_mapping(folder, "north", "");
    put_mapping(folder, "south", ".gz");
    put(folder, "kith.yaml", project_text);
    put(folder, "optout.csv", "LEAKREFOUT\n");
    put(folder, "clk.csv",
        "id,given,family,born,district,sex,height,score\n"
        "1,ZYRENKAVEL,QUAXLEBURY,28/07/1951,ZE3,F,171,3.14\n"
        "2,ZYRENKAVEL,LEAKBAD9,28/07/1951,ZE3,F,171,3.14\n"
        "3,LEAKBADRAGGED\n");
    put(folder, "clk.secret", "leak interop secret\n");
    test_path(path, folder, "clk.secret");
    assert_int_equal(chmod(path, 0400), 0);
}
