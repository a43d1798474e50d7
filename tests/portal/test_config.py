"""Missing or unsafe settings: no start, one sentence that names the setting."""

from __future__ import annotations

from datetime import time

import pytest

from messaging.quiet_hours import PATIENT, Window
from messaging.settings import Limits
from portal import keyfile, text_settings
from portal.config import Settings, UnsafeSettingsError

GOOD_SECRET = "k3Jx8-fQ2zLr7Wm1Tn5Vb9Yd4Hs6Pc0Ga"


def live(tmp_path, **changed):
    env = {
        "HANDRAIL_DATABASE_URL": f"sqlite:///{tmp_path}/h.sqlite",
        "HANDRAIL_SECRET_KEY": GOOD_SECRET,
        "HANDRAIL_KEYS": str(tmp_path / "keys" / "k.json"),
        "HANDRAIL_PUBLIC_URL": "https://help.clinic.example",
        "HANDRAIL_DATA_DIR": str(tmp_path / "data"),
    }
    return {**env, **changed}


def test_nothing_set_is_the_demo_on_loopback_without_twilio():
    settings = Settings.from_env({})
    assert settings.demo
    assert settings.loopback
    assert settings.simulator
    assert not settings.keys_path.is_relative_to(settings.data_dir)


def test_any_setting_of_a_real_installation_is_never_the_demo(tmp_path):
    assert not Settings.from_env(live(tmp_path)).demo


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"HANDRAIL_SECRET_KEY": ""}, "HANDRAIL_SECRET_KEY"),
        ({"HANDRAIL_SECRET_KEY": "short"}, "HANDRAIL_SECRET_KEY"),
        ({"HANDRAIL_SECRET_KEY": "a" * 64}, "HANDRAIL_SECRET_KEY"),
        ({"HANDRAIL_SECRET_KEY": "replace-with-a-long-random-value"}, "HANDRAIL_SECRET_KEY"),
        ({"HANDRAIL_KEYS": ""}, "HANDRAIL_KEYS"),
        ({"HANDRAIL_PUBLIC_URL": "http://help.clinic.example"}, "HANDRAIL_PUBLIC_URL"),
        ({"HANDRAIL_PUBLIC_URL": ""}, "HANDRAIL_PUBLIC_URL"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "TWILIO_AUTH_TOKEN"),
        ({"PORT": "99999"}, "PORT"),
        ({"PORT": "８０００"}, "PORT"),
        ({"HANDRAIL_IDLE_MINUTES": "600"}, "HANDRAIL_IDLE_MINUTES"),
        ({"HANDRAIL_TEXT_HOURS": "7-20"}, "HANDRAIL_TEXT_HOURS"),
        ({"HANDRAIL_TEXT_HOURS": "9-22"}, "HANDRAIL_TEXT_HOURS"),
        ({"HANDRAIL_TEXT_HOURS": "20-9"}, "HANDRAIL_TEXT_HOURS"),
        ({"HANDRAIL_TEXT_HOURS": "9-25"}, "HANDRAIL_TEXT_HOURS"),
        ({"HANDRAIL_TEXT_HOURS": "９-20"}, "HANDRAIL_TEXT_HOURS"),
        ({"HANDRAIL_TEXT_HOURS": "always"}, "HANDRAIL_TEXT_HOURS"),
        ({"HANDRAIL_TEXT_LIMITS": "number-month=7"}, "number-month"),
        ({"HANDRAIL_TEXT_LIMITS": "number-day=0"}, "number-day"),
        ({"HANDRAIL_TEXT_LIMITS": "team-day=many"}, "team-day"),
        ({"HANDRAIL_TEXT_LIMITS": "number-week=3"}, "HANDRAIL_TEXT_LIMITS"),
    ],
)
def test_an_unsafe_installation_does_not_start(tmp_path, changed, named):
    with pytest.raises(UnsafeSettingsError) as refusal:
        Settings.from_env(live(tmp_path, **changed))
    assert named in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_operator_sets_the_hours_and_amounts_of_texts():
    assert text_settings.hours("9:30 - 19", PATIENT) == Window(time(9, 30), time(19))
    assert text_settings.hours("", PATIENT) == PATIENT
    changed = text_settings.limits("number-day=2, team-day=500", Limits())
    assert (changed.number_a_day, changed.team_parts_a_day, changed.number_in_30_days) == (2, 500, 6)


def test_keys_inside_the_data_folder_are_refused(tmp_path):
    with pytest.raises(UnsafeSettingsError, match="HANDRAIL_KEYS"):
        Settings.from_env(live(tmp_path, HANDRAIL_KEYS=str(tmp_path / "data" / "k.json")))


def test_the_demo_never_listens_to_others():
    with pytest.raises(UnsafeSettingsError, match="HANDRAIL_HOST"):
        Settings.from_env({"HANDRAIL_HOST": "0.0.0.0"})


def test_secrets_do_not_show_in_a_printed_settings(tmp_path):
    shown = repr(Settings.from_env(live(tmp_path, HANDRAIL_SMTP_URL="smtp://u:pw-of-mail@m.example")))
    assert GOOD_SECRET not in shown
    assert "pw-of-mail" not in shown


def test_a_key_file_is_its_owners_alone_and_never_overwritten(tmp_path):
    path = tmp_path / "keys" / "k.json"
    made = keyfile.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert keyfile.load(path).ring == made.ring
    with pytest.raises(FileExistsError):
        keyfile.create(path)


def test_a_key_file_others_can_read_is_refused(tmp_path):
    path = tmp_path / "k.json"
    keyfile.create(path)
    path.chmod(0o644)
    with pytest.raises(UnsafeSettingsError, match="HANDRAIL_KEYS"):
        keyfile.load(path)


@pytest.mark.parametrize("text", ["", "{}", '{"master": []}', "not json", '{"master": {"1": "c2hvcnQ="}}'])
def test_a_broken_key_file_is_refused_in_one_sentence(tmp_path, text):
    path = tmp_path / "k.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(UnsafeSettingsError, match="HANDRAIL_KEYS"):
        keyfile.load(path)
