/* What is measured while a session goes on. */
#include "run/grid.h"

#include "check.h"

#include "run/plan.h"

enum { ROWS = 4, SUBJECTS = 2 };

/* Rows 0, 1 and 2 are a group, of which the budget left out 1; row 3 is a cheap one for itself. */
struct fixture {
    struct tb_record records[ROWS][SUBJECTS];
    struct tb_record *cells[ROWS][SUBJECTS];
    struct tb_row rows[ROWS];
    struct tb_session session;
    struct tb_grid grid;
};

static void fill(struct fixture *fixture)
{
    static const double seconds[ROWS] = {2, INFINITY, 2, 0.5};

    *fixture = (struct fixture){
        .session = {.count = SUBJECTS, .paired = true},
        .grid = {.session = &fixture->session, .rows = fixture->rows, .count = ROWS}};
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t k = 0; k < SUBJECTS; k++)
            fixture->cells[i][k] = &fixture->records[i][k];
        fixture->rows[i] = (struct tb_row){.records = fixture->cells[i],
                                           .group = i < 3 ? 0 : i,
                                           .round_s = seconds[i],
                                           .open = true};
    }
    tb_grid_leave_out(&fixture->grid, &fixture->rows[1], NULL);
}

static void what_was_left_out_does_not_come_back_with_its_group(void **state)
{
    struct fixture fixture;

    (void)state;
    fill(&fixture);
    assert_true(tb_grid_open_groups(&fixture.grid));
    assert_true(fixture.rows[0].open && fixture.rows[2].open && fixture.rows[3].open);
    assert_false(fixture.rows[1].open);
    tb_plan_strides(fixture.rows, ROWS);
    assert_int_equal(fixture.rows[0].stride, 3); /* by 4 s against 0.5 s; not without end */
    assert_int_equal(fixture.rows[3].stride, 1);
}

static void a_group_without_any_that_runs_is_closed(void **state)
{
    struct fixture fixture;

    (void)state;
    fill(&fixture);
    fixture.records[0][1].outcome = fixture.records[2][0].outcome = TB_FAILED;
    fixture.rows[3].open = false;
    assert_false(tb_grid_open_groups(&fixture.grid));
    for (size_t i = 0; i < ROWS; i++)
        assert_false(fixture.rows[i].open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_left_out_does_not_come_back_with_its_group),
        cmocka_unit_test(a_group_without_any_that_runs_is_closed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
