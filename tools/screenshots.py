"""Take the README's screenshots: `make screenshots`."""

from tools.serving import ROOT, browsing, listening, rest, serving

SHOTS = {
    "cell": ("/cell?preset=Count&step=25", "light"),
    "gradients": ("/gradients?kernel=PyTorch&forget_bias=4.6&length=100", "dark"),
    "remedies": ("/remedies", "light"),
    "race": ("/race", "dark"),
    "reviews": ("/reviews", "light"),
    "bptt": ("/bptt?bptt_step=14", "light"),
    "activations": ("/activations?x=1.5", "dark"),
    "recurrence": ("/recurrence?recurrence_step=7", "light"),
    "variants": ("/variants", "dark"),
    "memory": ("/memory", "light"),
    "challenges": ("/challenges", "light"),
    "applications": ("/applications", "light"),
    "lecture": ("/gradients?mode=lecture&slide=14", "dark"),
    "report": ("/report?panel=overfitting", "dark"),
}


def main() -> None:
    """Open each page at 1280 px and keep its first screen in ``assets/screenshots``."""
    folder = ROOT / "assets" / "screenshots"
    folder.mkdir(exist_ok=True)
    with serving() as address, browsing() as browser:
        context = listening(browser, viewport={"width": 1280, "height": 720})
        for name, (path, theme) in SHOTS.items():
            page = context.new_page()
            page.emulate_media(color_scheme=theme)
            page.goto(address + path)
            page.get_by_role("heading", level=1).wait_for()
            rest(page, quiet=1000)
            page.screenshot(path=folder / f"{name}.png")
            page.close()


if __name__ == "__main__":
    main()
