"""Colours by what they mean, in a dark and a light set; nothing else in the window names a colour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class ColourSet(StrEnum):
    """Colours of rising and falling, by the habit of the market: up first."""

    GREEN_RED = "green/red"  # United States, Europe
    RED_GREEN = "red/green"  # China, Japan, Taiwan
    RED_BLUE = "red/blue"  # Korea


#: Territories (ISO 3166) where rising is not green.
RED_GREEN_TERRITORIES = frozenset({"CN", "JP", "TW", "HK", "MO"})
RED_BLUE_TERRITORIES = frozenset({"KR"})


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme. Texts reach a contrast of 4.5 on every surface they are put on (`text_pairs` lists them)."""

    dark: bool
    # surfaces, from the back to the front
    window: str
    surface: str
    raised: str
    overlay: str
    field: str  # what one types in
    hover: str
    selected: str
    border: str
    border_strong: str
    # texts
    text: str
    text_muted: str
    text_disabled: str
    # what can be acted on
    accent: str  # as text or line
    accent_fill: str
    on_accent: str
    focus: str
    # direction
    green: str
    red: str
    blue: str
    green_fill: str
    red_fill: str
    blue_fill: str
    candle_up: str
    candle_down: str
    pnl_up: str
    pnl_down: str
    pnl_flat: str
    # side of an order
    buy: str
    sell: str
    buy_fill: str
    sell_fill: str
    on_side: str
    # modes
    demo: str
    on_demo: str
    paper: str
    on_paper: str
    live: str
    on_live: str
    broker: str  # the broker's own paper account
    on_broker: str
    # health
    good: str
    warning: str
    bad: str
    banner: str
    on_banner: str
    # charts
    grid: str
    crosshair: str
    series: tuple[str, ...]  # lines of indicators, slices of the allocation

    def mode(self, badge: str) -> tuple[str, str]:
        """Return background and text of a mode: DEMO, PAPER, BROKER PAPER or LIVE."""
        modes = {
            "DEMO": (self.demo, self.on_demo),
            "LIVE": (self.live, self.on_live),
            "BROKER PAPER": (self.broker, self.on_broker),
        }
        return modes.get(badge, (self.paper, self.on_paper))

    def signed(self, value: float) -> str:
        """Return the colour of a profit, a loss or neither."""
        return self.pnl_up if value > 0 else self.pnl_down if value < 0 else self.pnl_flat


_DARK = Tokens(
    dark=True,
    window="#0b0e14",
    surface="#12161f",
    raised="#1a202c",
    overlay="#202735",
    field="#0b0e14",
    hover="#232b3a",
    selected="#1d3357",
    border="#252c3a",
    border_strong="#3a4457",
    text="#e4e8f0",
    text_muted="#a0aabb",
    text_disabled="#6b7587",
    accent="#6ea8ff",
    accent_fill="#2563eb",
    on_accent="#ffffff",
    focus="#6ea8ff",
    green="#2fc38c",
    red="#ff6b78",
    blue="#6ea8ff",
    green_fill="#0d7f58",
    red_fill="#cf2f42",
    blue_fill="#2563eb",
    candle_up="#26a17b",
    candle_down="#e5485a",
    pnl_up="#2fc38c",
    pnl_down="#ff6b78",
    pnl_flat="#a0aabb",
    buy="#2fc38c",
    sell="#ff6b78",
    buy_fill="#0d7f58",
    sell_fill="#cf2f42",
    on_side="#ffffff",
    demo="#f5a524",
    on_demo="#1a1300",
    paper="#2563eb",
    on_paper="#ffffff",
    live="#d92d3a",
    on_live="#ffffff",
    broker="#8b46e0",
    on_broker="#ffffff",
    good="#2fc38c",
    warning="#f5b944",
    bad="#ff6b78",
    banner="#3a2c0c",
    on_banner="#ffd98a",
    grid="#1e2532",
    crosshair="#7d8799",
    series=("#f5b944", "#6ea8ff", "#c792ea", "#4dd0c4", "#ff9e64", "#9ece6a", "#f78fb3", "#89a0c4"),
)

_LIGHT = Tokens(
    dark=False,
    window="#e9edf2",
    surface="#ffffff",
    raised="#f4f6f9",
    overlay="#ffffff",
    field="#ffffff",
    hover="#e8edf5",
    selected="#d6e4fd",
    border="#d9dfe8",
    border_strong="#b6c0cf",
    text="#141923",
    text_muted="#525c6d",
    text_disabled="#8c96a6",
    accent="#1a56d6",
    accent_fill="#1d5fe0",
    on_accent="#ffffff",
    focus="#1d5fe0",
    green="#08704a",
    red="#bb1f33",
    blue="#1a56d6",
    green_fill="#0a7a52",
    red_fill="#c92a3d",
    blue_fill="#1d5fe0",
    candle_up="#16936a",
    candle_down="#dd4152",
    pnl_up="#08704a",
    pnl_down="#bb1f33",
    pnl_flat="#525c6d",
    buy="#08704a",
    sell="#bb1f33",
    buy_fill="#0a7a52",
    sell_fill="#c92a3d",
    on_side="#ffffff",
    demo="#f5a524",
    on_demo="#1a1300",
    paper="#1d5fe0",
    on_paper="#ffffff",
    live="#cc2231",
    on_live="#ffffff",
    broker="#7a35cf",
    on_broker="#ffffff",
    good="#08704a",
    warning="#8a5a00",
    bad="#bb1f33",
    banner="#fff1cf",
    on_banner="#6b4700",
    grid="#edf0f5",
    crosshair="#6b7587",
    series=("#b7791f", "#1d5fe0", "#7e3fbf", "#0c8599", "#d9480f", "#5c940d", "#c2255c", "#5c6f8f"),
)


def tokens_for(colours: ColourSet, *, dark: bool) -> Tokens:
    """Return the tokens of a theme with the directions coloured by the market's habit."""
    base = _DARK if dark else _LIGHT
    if colours is ColourSet.GREEN_RED:
        return base
    if colours is ColourSet.RED_GREEN:
        return replace(
            base,
            candle_up=base.candle_down,
            candle_down=base.candle_up,
            pnl_up=base.red,
            pnl_down=base.green,
            buy=base.red,
            sell=base.green,
            buy_fill=base.red_fill,
            sell_fill=base.green_fill,
        )
    return replace(
        base,
        candle_up=base.candle_down,
        candle_down="#4f8df5" if dark else "#2f6fe4",
        pnl_up=base.red,
        pnl_down=base.blue,
        buy=base.red,
        sell=base.blue,
        buy_fill=base.red_fill,
        sell_fill=base.blue_fill,
    )


def colour_set_of(territory: str) -> ColourSet:
    """Return the habit of a territory given by its ISO 3166 code ("US", "KR", "JP")."""
    if territory in RED_BLUE_TERRITORIES:
        return ColourSet.RED_BLUE
    return ColourSet.RED_GREEN if territory in RED_GREEN_TERRITORIES else ColourSet.GREEN_RED


def text_pairs(tokens: Tokens) -> list[tuple[str, str, str]]:
    """Return every text that is put on a surface: (what it is, colour of the text, colour of the surface)."""
    surfaces = ("window", "surface", "raised", "overlay", "field", "hover", "selected")
    texts = ("text", "text_muted", "accent", "pnl_up", "pnl_down", "pnl_flat", "buy", "sell", "good", "warning", "bad")
    pairs = [
        (f"{name} on {place}", getattr(tokens, name), getattr(tokens, place)) for name in texts for place in surfaces
    ]
    fills = (
        ("on_accent", "accent_fill"),
        ("on_side", "buy_fill"),
        ("on_side", "sell_fill"),
        ("on_demo", "demo"),
        ("on_paper", "paper"),
        ("on_live", "live"),
        ("on_broker", "broker"),
        ("on_banner", "banner"),
    )
    return pairs + [(f"{name} on {fill}", getattr(tokens, name), getattr(tokens, fill)) for name, fill in fills]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as defined by WCAG 2.1."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
