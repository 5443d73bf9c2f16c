"""`python -m tools.map_of_states`: the shapes of the states, small enough for every page.

Reads us-atlas (TopoJSON in the Albers projection, 975 by 610 units; see tools/us-atlas/LICENSE) and
writes dashboards/drawing/states.json: {code: {"d": an SVG path, "at": where a
word fits best, "room": how far it may reach to either side of that}}. Borders
are thinned by the area of the triangle that a point makes with its neighbours (Visvalingam and
Whyatt, 1993), arc by arc, so that neighbours keep one border.
"""

import heapq
import json
import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "tools/us-atlas/states-albers-10m.json"
TARGET = ROOT / "dashboards/drawing/states.json"
SMALLEST = 8.0  # square units of a triangle that a point must make to stay
ISLAND = 12.0  # square units of a ring that is kept beside a state's largest one
# Codes of the Federal Information Processing Standard 5-2, as us-atlas uses them.
FIPS = (
    "01 AL 02 AK 04 AZ 05 AR 06 CA 08 CO 09 CT 10 DE 11 DC 12 FL 13 GA 15 HI 16 ID 17 IL 18 IN "
    "19 IA 20 KS 21 KY 22 LA 23 ME 24 MD 25 MA 26 MI 27 MN 28 MS 29 MO 30 MT 31 NE 32 NV 33 NH "
    "34 NJ 35 NM 36 NY 37 NC 38 ND 39 OH 40 OK 41 OR 42 PA 44 RI 45 SC 46 SD 47 TN 48 TX 49 UT "
    "50 VT 51 VA 53 WA 54 WV 55 WI 56 WY"
)
CODES = {FIPS[at : at + 2]: FIPS[at + 3 : at + 5] for at in range(0, len(FIPS), 6)}


def arcs_of(topology):
    """Every border as points in units of the map."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        yield points


def triangle(a, b, c):
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def thinned(points):
    """The points of a border that matter; its ends stay, so that borders still meet."""
    before = {i: i - 1 for i in range(1, len(points))}
    after = {i: i + 1 for i in range(len(points) - 1)}

    def area(i):
        return triangle(points[before[i]], points[i], points[after[i]])

    heap = [(area(i), i) for i in range(1, len(points) - 1)]
    areas = {i: size for size, i in heap}
    heapq.heapify(heap)
    while heap and heap[0][0] < SMALLEST:
        size, i = heapq.heappop(heap)
        if areas.get(i) != size:
            continue  # weighed anew since
        del areas[i]
        a, b = before[i], after[i]
        before[b], after[a] = a, b
        for end in (a, b):
            if end in areas:
                areas[end] = max(size, area(end))
                heapq.heappush(heap, (areas[end], end))
    return [points[i] for i in range(len(points)) if i in areas or i in (0, len(points) - 1)]


def ring_of(arcs, numbers):
    points = []
    for number in numbers:
        border = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += border[1:] if points else border
    whole = [(round(x), round(y)) for x, y in points]
    return [p for i, p in enumerate(whole) if i == 0 or p != whole[i - 1]]


def size_of(ring):
    """The area of a ring."""
    turned = pairwise([*ring, ring[0]])
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in turned)) / 2


def path_of(rings):
    parts = []
    for ring in rings:
        (x, y), *rest = ring[:-1] if ring[0] == ring[-1] else ring
        parts.append(f"M{x} {y}l")
        steps = []
        for nx, ny in rest:
            steps.append(f"{nx - x} {ny - y}")
            x, y = nx, ny
        parts.append(" ".join(steps).replace(" -", "-") + "z")
    return "".join(parts)


def inside(point, ring):
    x, y = point
    odd = False
    for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


def room(point, ring):
    """How far a point is from the border of its ring, counted twice in height: words are wide."""
    far = float("inf")
    for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        t = ((point[0] - ax) * dx + (point[1] - ay) * dy) / length if length else 0
        t = min(1, max(0, t))
        across, down = point[0] - ax - t * dx, point[1] - ay - t * dy
        far = min(far, (across * across + 4 * down * down) ** 0.5)
    return far


def place_of(ring):
    """Where a word has the most room."""
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    grid = [
        (x, y)
        for x in range(min(xs), max(xs) + 1, 2)
        for y in range(min(ys), max(ys) + 1, 2)
        if inside((x, y), ring)
    ]
    best = max(grid, key=lambda point: room(point, ring))
    return best, round(room(best, ring))


def main():
    """Write the shapes; returns 1 when some state has none."""
    topology = json.loads(SOURCE.read_text(encoding="utf-8"))
    arcs = [thinned(points) for points in arcs_of(topology)]
    shapes = {}
    for state in topology["objects"]["states"]["geometries"]:
        found = state["arcs"] if state["type"] == "MultiPolygon" else [state["arcs"]]
        rings = sorted((ring_of(arcs, polygon[0]) for polygon in found), key=size_of, reverse=True)
        kept = [rings[0], *(r for r in rings[1:] if size_of(r) >= ISLAND)]
        at, wide = place_of(rings[0]) if size_of(rings[0]) > ISLAND else (rings[0][0], 0)
        shapes[CODES[state["id"]]] = {"d": path_of(kept), "at": at, "room": wide}
    lines = [f'"{code}": {json.dumps(shapes[code])}' for code in sorted(shapes)]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return 0 if len(shapes) == len(CODES) else 1


if __name__ == "__main__":
    sys.exit(main())
