"""JSON for other systems: search, HSDS, FHIR."""
