"""SELECTs by users: what they can read, and what not."""

from __future__ import annotations

import pytest

from drugscan.analysis import open_results
from drugscan.errors import SettingsError
from tests.analysis.folders import Post, Text, write_results


@pytest.mark.parametrize(
    "sql",
    [
        "select account, count(*) from messages group by account",
        "with busy as (select chat from messages limit 3) select * from busy, range(2)",
        "from ads limit 1",
        "table providers limit 1",
        "select substance, count(*) from (select unnest(substances) as substance from ads) group by 1",
        "describe offers",
        "select a.text from ads as a join offers as o using (ad_id) order by all limit 2;",
        "select 1 where exists (select 1 from texts)",
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3) from n",
        "with x as materialized (select chat from messages) select * from x union all select 'x' limit 2",
    ],
)
def test_reads_public_tables(results, sql):
    assert results.select(sql).read_all().num_rows > 0


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("", "query: is empty; give one SELECT"),
        (" -- nothing\n;", "query: is empty; give one SELECT"),
        ("select 1; select 2", "query: holds several statements; give one SELECT"),
        (
            "select * from prices",
            "query: 'prices' is an answer and no table; get it with drugscan export RESULTS prices",
        ),
        (
            "select * from pricing",
            "'pricing' cannot be read; there are the tables accounts, ads, contacts, messages, network, "
            "offers, providers, texts",
        ),
    ],
)
def test_what_to_do_instead_is_said(results, sql, said):
    with pytest.raises(SettingsError) as caught:
        results.select(sql)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    "sql",
    [
        "select * from raw.messages",
        "select * from memory.raw.texts",
        "select (select max(value) from core.names)",
        "with x as (select * from raw.ads) from x",
        "select * from read_parquet('{folder}/ads.parquet')",
        "select * from '{folder}/ads.parquet'",
        "select * from read_text('/etc/hostname')",
        "select * from glob('*')",
        "select * from query('select 1')",
        "select core.pseudonym('account', 'voorbeeld_x')",
        "select core.digits(text) from texts",
        "select * from query_table('raw.texts')",
        "select * from duckdb_views()",
        "select * from duckdb_functions()",
        "select * from duckdb_views",
        "select * from information_schema.tables",
        "select * from sqlite_master",
        "show tables",
        "with duckdb_views as (select 1) from duckdb_views",
        'with "x.parquet" as (select 1) from "x.parquet"',
        "copy ads to 'x.csv'",
        "create table x as select 1",
        "attach 'x.db'",
        "install httpfs",
        "load httpfs",
        "set memory_limit = '9GB'",
        "pragma version",
        "select 1; select 2",
        "select nope from ads",
        "nonsense",
        "",
    ],
)
def test_refuses_everything_else_in_one_line(results, results_folder, sql):
    with pytest.raises(SettingsError) as caught:
        results.select(sql.format(folder=results_folder))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "part",
    [
        "copy (select 1 as a) to '{folder}/messages/part-00000.parquet'",
        "copy ads to '{folder}/ads.parquet'",
        "insert into core.labels values (99, 'x') returning *",
        "update core.labels set label = 'x' returning *",
        "delete from core.labels returning *",
        "create table core.x as select 1",
        "attach '{folder}/x.db'",
        "pragma database_list",
        "export database '{folder}/x'",
        "select * from (copy (select 1 as a) to '{folder}/more.csv')",
    ],
)
def test_nothing_is_written_into_the_folder(tmp_path, part):
    folder = write_results(tmp_path / "results", [Post(Text("wiet 5 g 50", ("drugsad",)))])
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with open_results(folder, identities=True) as opened:
        opened.select("from ads").read_all()  # so that what is to be changed is there
        for around in (
            "{part}",
            "with x as ({part}) select * from x",
            "with recursive x as ({part}) select * from x",
            "with x as (with y as ({part}) select * from y) select * from x",
            "select (with x as ({part}) select 1 from x limit 1)",
            "select 1 union all (with x as ({part}) select 1 from x)",
            "describe with x as ({part}) select * from x",
        ):
            with pytest.raises(SettingsError, match="query: is no SELECT") as caught:
                opened.select(around.format(part=part.format(folder=folder))).read_all()
            assert "\n" not in str(caught.value)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_database_itself_is_locked(results_folder, tmp_path):
    import duckdb

    with open_results(results_folder) as opened:
        connection = opened._connection
        for sql in (
            f"copy (select 1) to '{tmp_path}/x.csv'",
            "select * from read_text('/etc/hostname')",
            "set enable_external_access = true",
            "set autoinstall_known_extensions = true",
            f"attach '{tmp_path}/x.db'",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(sql).fetchall()
    assert list(tmp_path.iterdir()) == []


def test_a_fault_in_a_row_is_one_line_too(results):
    with pytest.raises(SettingsError, match="Conversion"):
        results.select("select text::integer from ads").read_all()
