"""The line of time: going on and back, playing, and the landmarks on the way."""

from __future__ import annotations

from shown_replays import ALONE, SMALL, TOGETHER, ReplayApp, elapse, press, replay_of, settle

from simulator.content.pack import Pack
from simulator.exercise.digest import digest
from simulator.session.landmarks import Landmark, Landmarks
from simulator.session.replay import Replay
from simulator.tui.panes.scrubber import Place, Scrubber, Track, signs
from simulator.tui.screens.replay_head import Head


async def test_it_begins_at_the_beginning_and_knows_all_landmarks(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert app.at == 0
        track = app.shown.query_one(Scrubber).track
        assert track.length == 300
        assert track.injects == (90,)
        assert track.alerts == (50,)
        assert 100 in track.confusion
        assert track.acts[:3] == (0, 52, 60)
        rows = app.text().splitlines()
        row = next(number for number, one in enumerate(rows) if "●" in one)
        assert {"?", "!", "i"} <= set(rows[row - 1])
        assert "So far 0 U" in app.text()


async def test_arrows_go_by_ten_seconds_and_never_outside(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "left")
        assert app.at == 0
        await press(pilot, "right", "right", "right")
        assert app.at == 30
        await press(pilot, "left")
        assert app.at == 20
        await press(pilot, "end")
        assert app.replay.moment == app.replay.end
        await press(pilot, "right")
        assert app.replay.moment == app.replay.end
        await press(pilot, "home")
        assert app.at == 0


async def test_keys_that_come_quickly_are_all_counted(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press(*["right"] * 20)
        await pilot.press("left")
        await settle(pilot)
        assert app.at == 190
        other = replay_of(stuck, ALONE)
        other.show(other.moment_at(190))
        assert digest(app.replay.exercise) == digest(other.exercise)


async def test_brackets_go_along_the_acts(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        seen = []
        for _ in range(4):
            await press(pilot, "right_square_bracket")
            seen.append(app.at)
        assert seen == [52, 60, 61, 70]
        assert "Kim typed: kioskctl status" in app.text()
        await press(pilot, "left_square_bracket", "left_square_bracket")
        assert app.at == 60
        await press(pilot, "right", "right", "left_square_bracket")
        assert app.at == 70


async def test_letters_go_to_injects_alerts_and_confusion_points(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "i")
        assert app.at == 90
        assert "Inject: There is a queue of twenty people." in app.text()
        await press(pilot, "home", "a")
        assert app.at == 50
        assert "Alert: Many errors at the kiosk" in app.text()
        await press(pilot, "end", "comma")
        assert app.at == 50
        await press(pilot, "home", "full_stop")
        assert app.at == 50
        await press(pilot, "home", "c")
        assert app.at == 100
        assert "Confusion point: Restart the kiosk: " in app.text()
        await press(pilot, "right_curly_bracket")
        assert app.at == 120
        await press(pilot, "left_curly_bracket")
        assert app.at == 100
        await press(pilot, "end", "i")
        assert app.replay.moment == app.replay.end
        assert [one.message for one in app._notifications] == ["There is no later inject."]


def test_what_falls_together_is_named_together(stuck: Pack) -> None:
    replay = replay_of(stuck, ALONE)
    head, there = Head(replay), replay.moment_at(100)
    told = [("outage#look", "nobody did anything"), ("outage#restart", "did harm 1 time")]
    head.landmarks = Landmarks(
        tuple(Landmark("confusion", there, what, step) for step, what in told)
    )
    assert head.along("confusion", 1)
    replay.show(head.moment)
    named = "Look at the dashboard Kiosk overview; Restart the kiosk"
    assert head.what() == f"2 confusion points: {named}"


async def test_it_plays_at_its_speed_and_stops_at_the_end(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await elapse(pilot, 5)
        assert app.at == 0
        await press(pilot, "space")
        assert "PLAYING 10x" in app.text()
        await elapse(pilot, 2)
        assert app.at == 20
        await press(pilot, "plus", "plus", "plus")
        assert "PLAYING 60x" in app.text()
        await press(pilot, "plus")
        await elapse(pilot, 1)
        assert app.at == 80
        await press(pilot, "space")
        await elapse(pilot, 3)
        assert app.at == 80
        assert "PAUSED 60x" in app.text()
        await press(pilot, *["minus"] * 8, "space")
        assert "PLAYING 1x" in app.text()
        await elapse(pilot, 3)
        assert app.at == 83
        await press(pilot, *["plus"] * 6)
        await elapse(pilot, 4)
        assert app.replay.moment == app.replay.end
        assert "PAUSED 60x" in app.text()
        await press(pilot, "space")
        assert app.at == 0
        await elapse(pilot, 1)
        assert app.at == 60


async def test_a_machine_that_slept_owes_the_replay_no_night(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "space")
        app.wall.now += 3_600
        app.shown._tick()
        await settle(pilot)
        assert app.at == 20


async def test_the_marks_are_those_of_the_moment(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        worth = []
        for key in ("home", "end", "home"):
            await press(pilot, key)
            worth.append(app.shown.query_one(Scrubber).place.marks)
        assert worth[0] == worth[2] != worth[1]
        final = replay_of(stuck, ALONE)
        marks = final.assessment_at(final.end).marks
        assert worth[1].startswith(f"So far {marks.points} {marks.rating.name}  ")


async def test_a_click_on_the_line_goes_there(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        width = app.shown.query_one(Scrubber).content_size.width
        await pilot.click(Scrubber, offset=(1 + width // 2, 1))
        await settle(pilot)
        assert 145 <= app.at <= 155
        await pilot.click(Scrubber, offset=(width, 0))
        await settle(pilot)
        assert app.replay.moment == app.replay.end
        await pilot.click(Scrubber, offset=(3, 3))  # the marks are no part of it
        await settle(pilot)
        assert app.replay.moment == app.replay.end


async def test_an_exercise_without_acts_is_shown(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, []))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "end", "space", "right_square_bracket", "i", "c", "left")
        assert app.at == 0
        assert "Nobody has done anything yet" in app.text()


async def test_what_is_not_read_yet_is_not_said_to_be_missing(stuck: Pack) -> None:
    class Slow(Replay):
        def explore(self) -> float:
            return 0.25

    replay = replay_of(stuck, ALONE)
    app = ReplayApp(Slow(replay.acts, stuck))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("i")
        await pilot.pause()
        assert app.at == 0
        said = [one.message for one in app._notifications]
        assert said == ["The exercise is still being read."]
        assert "Reading the exercise: 25%" in app.text()
        await pilot.press("right_square_bracket")
        for _ in range(50):
            await pilot.pause(0.02)
            if app.at:
                break
        assert app.at == 52


async def test_a_team_is_replayed_whole(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, TOGETHER, "Blue"))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "end", "5")
        assert "Lee" in app.text()
        assert "It restarts." in app.text()
        await press(pilot, "home", *["right_square_bracket"] * 3)
        assert "Lee typed: kioskctl restart" in app.text()


def test_every_second_has_its_column_and_back() -> None:
    track = Track(1500)
    for width in (20, 78, 118):
        columns = [track.column(at, width) for at in range(1501)]
        assert columns == sorted(columns)
        assert (columns[0], columns[-1]) == (0, width - 1)
        assert all(abs(track.second(c, width) - at) <= 1500 // (width - 1) + 1
                   for at, c in enumerate(columns))  # fmt: skip
    assert Track(0).column(0, 78) == 0
    assert Track(0).second(77, 78) == 0


def test_the_graver_sign_stands_and_others_beside_it() -> None:
    track = Track(100, injects=(50,), alerts=(50,), confusion=(50,))
    row = signs(track, 101)
    assert row[50] == "?"
    assert {row[49], row[51]} == {"!", "i"}
    assert signs(Track(100, alerts=(50, 50, 50)), 101).strip() == "!"
    edge = signs(Track(100, injects=(100,), alerts=(100,), confusion=(100,)), 101)
    assert edge[99:] == "!?"
    assert len(edge) == 101


def test_what_is_said_fits_any_width() -> None:
    place = Place(10, False, 60, "x" * 300, "m" * 300)
    scrubber = Scrubber(Track(100, (10,)), place)
    for width in (40, 80, 118):
        for row in (scrubber._where(width), scrubber._worth(width), scrubber._line(width)):
            assert row.cell_length <= width
