"""The page to try the API, and the way from a token to its first request, in a browser."""

import pytest
from django.test import Client

from access.models import Token
from tests import make
from tests.browser.conftest import AXE, LAPTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# The page is ours, what Swagger UI draws is not.
LOOK = "axe.run({ exclude: ['#swagger-ui'] }).then((found) => found.violations.map((v) => v.id))"


@pytest.fixture
def person():
    make.outside()
    state = make.state()
    make.organization(state, name="Mesa Library")
    return make.user(state.region, home=state, role="data-manager")


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
def test_the_api_is_tried_on_its_page(person, browser, size):
    """Nothing comes from elsewhere or breaks the policy: the window complains of that by itself."""
    window = browser(person, size)
    assert window.open("/api/") == 200
    page = window.page
    page.wait_for_selector(".opblock")
    page.evaluate(AXE.read_text())
    assert page.evaluate(LOOK) == []
    assert window.overflow() == 0
    page.click("#operations-organizations-organizations_list .opblock-summary-control")
    page.click("#operations-organizations-organizations_list .try-out__btn")
    page.click("#operations-organizations-organizations_list .execute")
    page.wait_for_selector(".live-responses-table .response-col_status")
    assert "Mesa Library" in page.inner_text(".live-responses-table")
    assert window.overflow() == 0


def test_a_token_is_made_used_and_revoked(person, browser):
    window = browser(person, PHONE)
    page = window.page
    window.open("/api/")
    page.click("text=My API tokens")
    page.fill("[name=name]", "Door counter")
    page.fill("[name=days]", "7")
    page.click("main button.main")
    text = page.input_value("#token")
    assert not page.is_editable("#token") and window.axe() == [] and window.overflow() == 0
    api = Client(headers={"Authorization": f"Token {text}"})
    assert api.get("/api/v1/organizations/").json()["count"] == 1
    page.click("text=I have kept it")
    assert text not in page.content()
    assert "Door counter" in page.inner_text("main")
    page.click("main .items a:has-text('Revoke')")
    page.click("main button.stop")
    assert "Revoked: Door counter" in page.inner_text("main")
    assert api.get("/api/v1/organizations/").status_code == 401 and not Token.objects.exists()
