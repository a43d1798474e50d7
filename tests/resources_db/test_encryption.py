"""Personal columns are unreadable in the database, bound to their row, and found by keyed indexes only."""

import pytest
from sqlalchemy import text

from resources_db import encryption
from resources_db.encryption import EncryptionError, KeyRing, Vault, phone_index
from resources_db.models.people import Patient
from resources_db.tenancy import system
from tests.resources_db.test_tenancy import clinic


@pytest.fixture
def rosa(database, now):
    with database.writing(system()) as session:
        org, team = clinic(session, "North", now)
        patient = Patient(org_id=org.id, care_team_id=team.id, first_name="ZZCANARY", created_at=now)
        session.add(patient)
        session.commit()
    return org.id, patient.id


def test_a_name_reads_back_as_it_was_written(database, rosa):
    org_id, patient_id = rosa
    with database.reading(system(org_id)) as session:
        assert session.get(Patient, patient_id).first_name == "ZZCANARY"


def test_the_stored_bytes_do_not_hold_the_name(database, rosa):
    with database.engine.connect() as connection:
        stored = bytes(connection.execute(text("SELECT first_name_enc FROM patient")).scalar_one())
    assert b"ZZCANARY" not in stored
    assert stored[0] == encryption.VERSION


def test_the_same_name_twice_gives_different_bytes(database, rosa, now):
    org_id, patient_id = rosa
    with database.writing(system(org_id)) as session:
        patient = session.get(Patient, patient_id)
        before = patient.first_name_enc
        patient.first_name = "ZZCANARY"
        assert patient.first_name_enc != before


def test_a_value_moved_to_another_row_does_not_decrypt(database, rosa, now):
    org_id, patient_id = rosa
    with database.writing(system(org_id)) as session:
        rosa_row = session.get(Patient, patient_id)
        other = Patient(org_id=org_id, care_team_id=rosa_row.care_team_id, first_name="Other", created_at=now)
        other.first_name_enc = rosa_row.first_name_enc
        with pytest.raises(EncryptionError) as refusal:
            _ = other.first_name
    assert "ZZCANARY" not in str(refusal.value)


def test_a_value_moved_to_another_column_does_not_decrypt(database, rosa):
    org_id, patient_id = rosa
    with database.writing(system(org_id)) as session:
        patient = session.get(Patient, patient_id)
        patient.last_name_enc = patient.first_name_enc
        with pytest.raises(EncryptionError):
            _ = patient.last_name


def test_an_empty_value_is_stored_as_nothing(database, rosa):
    org_id, patient_id = rosa
    with database.writing(system(org_id)) as session:
        patient = session.get(Patient, patient_id)
        patient.first_name = ""
        assert patient.first_name_enc is None
        assert patient.first_name == ""


def test_a_second_process_opens_the_keys_from_the_database(database, rosa):
    org_id, patient_id = rosa
    first = encryption.vault()
    try:
        encryption.use(Vault(first.ring))
        with database.reading(system(org_id)) as session:
            assert session.get(Patient, patient_id).first_name == "ZZCANARY"
    finally:
        encryption.use(first)


def test_the_wrong_key_ring_is_refused_with_words_that_help(database, rosa):
    stranger = Vault(KeyRing.generate())
    with database.reading(system()) as session, pytest.raises(EncryptionError, match="HANDRAIL_KEYS"):
        stranger.load(session)


def test_phone_indexes_are_equal_for_one_number_and_keyed(vault):
    first = vault
    index = phone_index("+15135550148")
    assert index == phone_index("+15135550148")
    assert index != phone_index("+15135550149")
    try:
        encryption.use(Vault(KeyRing.generate()))
        assert phone_index("+15135550148") != index
    finally:
        encryption.use(first)
