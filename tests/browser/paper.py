"""A printed page as the printer gets it: on which sheet each part of the page begins and ends."""

from __future__ import annotations

import re

from playwright.sync_api import Page

MARK = """parts => [...document.querySelectorAll(parts)].map((part, number) => {
  const marks = ['first', 'last'].map(end => {
    const mark = document.createElement('i');
    mark.id = `${end}-${number}`;
    mark.textContent = '.';
    const way = document.createElement('a');
    way.href = `#${mark.id}`;
    way.textContent = '.';
    document.querySelector('footer').append(way);
    return mark;
  });
  part.prepend(marks[0]);
  part.append(marks[1]);
  return number;
}).length"""
OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
WAY = re.compile(rb"/(first|last)-(\d+) \[(\d+) 0 R")


def sheets(page: Page, parts: str) -> list[tuple[int, int]]:
    """For each part that the selector names: the sheet it begins on and the sheet it ends on.

    Marks are put at both ends of each part, and links to them: the browser then writes in the PDF where they are.
    """
    count = page.evaluate(MARK, parts)
    pdf = page.pdf(prefer_css_page_size=True)
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    order = [number for number, body in objects.items() if re.search(rb"/Type /Page\b", body)]
    ends = {(end.decode(), int(number)): order.index(int(sheet)) for end, number, sheet in WAY.findall(pdf)}
    return [(ends["first", number], ends["last", number]) for number in range(count)]
