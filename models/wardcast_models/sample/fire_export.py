"""The sample's fire brigade incidents, in the columns of the London Fire Brigade's open export."""

from __future__ import annotations

import numpy as np

from wardcast_models.sample.csv_text import csv_text
from wardcast_models.sample.local_truth import LocalTruth
from wardcast_models.sample.place import AREA_CODE, AREA_NAME
from wardcast_models.sample.process import SampleTruth

_HEADER = (
    "IncidentNumber,DateOfCall,CalYear,TimeOfCall,HourOfCall,IncidentGroup,StopCodeDescription,SpecialServiceType,"
    "PropertyCategory,PropertyType,AddressQualifier,Postcode_full,Postcode_district,UPRN,USRN,IncGeo_BoroughCode,"
    "IncGeo_BoroughName,ProperCase,IncGeo_WardCode,IncGeo_WardName,IncGeo_WardNameNew,Easting_m,Northing_m,"
    "Easting_rounded,Northing_rounded,Latitude,Longitude,FRS,IncidentStationGround,FirstPumpArriving_AttendanceTime,"
    "FirstPumpArriving_DeployedFromStation,SecondPumpArriving_AttendanceTime,SecondPumpArriving_DeployedFromStation,"
    "NumStationsWithPumpsAttending,NumPumpsAttending,PumpCount,PumpMinutesRounded,Notional Cost (£),NumCalls"
)

_SECONDARY = ("Fire", "Secondary Fire", "", "Outdoor")
_OTHERS = (
    (("Fire", "Primary Fire", "", "Dwelling"), 14.0),
    (("False Alarm", "AFA", "", "Non Residential"), 30.0),
    (("Special Service", "Special Service", "Effecting entry/exit", "Dwelling"), 20.0),
)
"""Group, stop code, special service and property of what is not a secondary fire, and its incidents a month."""


def fire_export(truth: SampleTruth, drawn: LocalTruth, rng: np.random.Generator) -> str:
    """Return the incidents of the logs' months, an incident a row; addresses and coordinates are left empty.

    Args:
        truth: The sample.
        drawn: Its local files' counts.
        rng: Draws days, hours and the incidents that are no secondary fire.

    Returns:
        The export as CSV.
    """
    wards = dict(zip(truth.ward_codes, truth.ward_names, strict=True))
    rows: list[dict[str, object]] = []
    for column, month in enumerate(drawn.months):
        share = truth.persons[:, -len(drawn.months) + column]
        kinds = [(_SECONDARY, drawn.secondary_fires[:, column])]
        kinds += [(kind, rng.poisson(a_month * share / share.sum())) for kind, a_month in _OTHERS]
        incidents = [
            (kind, code)
            for kind, by_ward in kinds
            for code, number in zip(truth.ward_codes, by_ward, strict=True)
            for _ in range(int(number))
        ]
        days = rng.integers(1, month.days_in_month + 1, len(incidents))
        hours = rng.integers(0, 24, len(incidents))
        for (kind, code), day, hour in sorted(zip(incidents, days, hours, strict=True), key=lambda row: int(row[1])):
            group, stop, service, property_category = kind
            rows.append(
                {
                    "IncidentNumber": f"SYNTHETIC-{len(rows) + 1:06d}",
                    "DateOfCall": f"{int(day):02d} {month:%b %Y}",
                    "CalYear": month.year,
                    "TimeOfCall": f"{int(hour):02d}:00:00",
                    "HourOfCall": int(hour),
                    "IncidentGroup": group,
                    "StopCodeDescription": stop,
                    "SpecialServiceType": service,
                    "PropertyCategory": property_category,
                    "IncGeo_BoroughCode": AREA_CODE,
                    "IncGeo_BoroughName": AREA_NAME.upper(),
                    "ProperCase": AREA_NAME,
                    "IncGeo_WardCode": code,
                    "IncGeo_WardName": wards[code].upper(),
                    "FRS": "London",
                }
            )
    columns = _HEADER.split(",")
    return csv_text(columns, ([row.get(column, "") for column in columns] for row in rows))
