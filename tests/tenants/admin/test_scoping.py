"""Every page of the tenants' room, tried by people of another tenant and by each role."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

from tenants.admin.scoping import TenantScopedAdmin
from tenants.models import Channel, Member, RouteStep, Tenant

WRITTEN = (
    "tenant",
    "member",
    "key",
    "account",
    "app",
    "official_account",
    "channel",
    "route",
    "quota",
    "provider_account",
)
ROWS = (*WRITTEN, "alert")
BUTTONS = (
    ("key", "revoke_key"),
    ("key", "rotate_key"),
    ("channel", "stop"),
    ("channel", "resume"),
    ("official_account", "connect"),
    ("official_account", "paste_tokens"),
    ("official_account", "refresh_now"),
    ("official_account", "test_connection"),
)


def address(house, name: str, view: str) -> str:
    row = getattr(house, name)
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{view}", args=[row.pk])


def listing(house, name: str) -> str:
    meta = getattr(house, name)._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


def test_every_model_of_the_room_that_has_a_page_is_tried_here(house):
    pages = {model for model, page in admin.site._registry.items() if isinstance(page, TenantScopedAdmin)}
    assert {type(getattr(house, name)) for name in ROWS} == {
        model for model in pages if model._meta.app_label == "tenants"
    }


@pytest.mark.parametrize("name", ROWS)
def test_a_list_shows_ones_own_rows_only(owner, house, other_house, name):
    page = owner.get(listing(house, name))
    shown = [row.pk for row in page.context["cl"].result_list]
    assert getattr(house, name).pk in shown
    assert getattr(other_house, name).pk not in shown


@pytest.mark.parametrize("name", ROWS)
def test_a_lists_filters_offer_ones_own_rows_only(request, house, other_house, name):
    page = request.getfixturevalue("viewer" if name != "key" else "owner").get(listing(house, name))
    offered = [
        str(label) for spec in page.context["cl"].filter_specs for _, label in getattr(spec, "lookup_choices", ())
    ]
    theirs = {str(row) for row in (other_house.tenant, other_house.account, other_house.app)}
    assert theirs.isdisjoint(offered)


@pytest.mark.parametrize("view", ["change", "delete", "history"])
@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_another_tenant_is_answered_like_one_that_does_not_exist(owner, house, other_house, name, view):
    theirs = address(other_house, name, view)
    nobodys = theirs.replace(f"/{getattr(other_house, name).pk}/", "/987654321/")
    answer, nothing = owner.get(theirs), owner.get(nobodys)
    assert (answer.status_code, answer.headers.get("Location")) == (
        nothing.status_code,
        nothing.headers.get("Location"),
    )
    assert answer.status_code in {302, 403, 404}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_row_of_another_tenant_cannot_be_written(owner, house, other_house, name):
    answer = owner.post(address(other_house, name, "change"), {"name": "taken"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/admin/"


@pytest.mark.parametrize(("name", "button"), BUTTONS)
def test_the_buttons_of_another_tenants_row_are_refused(owner, house, other_house, name, button):
    url = reverse(
        f"admin:tenants_{getattr(house, name)._meta.model_name}_{button}", args=[getattr(other_house, name).pk]
    )
    assert owner.get(url).status_code == 403
    assert owner.post(url, {"reason": "x", "hours": "1"}).status_code == 403


@pytest.mark.parametrize(("name", "button"), BUTTONS)
def test_a_viewer_presses_no_button(viewer, house, name, button):
    url = reverse(f"admin:tenants_{getattr(house, name)._meta.model_name}_{button}", args=[getattr(house, name).pk])
    assert viewer.post(url, {"reason": "x", "hours": "1"}).status_code == 403


@pytest.mark.parametrize("name", [name for name in ROWS if name != "key"])
def test_a_viewer_reads(viewer, house, name):
    page = viewer.get(address(house, name, "change"))
    assert page.status_code == 200
    assert not page.context["has_change_permission"]


def test_a_viewer_sees_no_api_keys(viewer, house):
    assert viewer.get(listing(house, "key")).status_code == 403


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("who", ["viewer", "operator"])
def test_only_owners_write(request, house, name, who):
    browser = request.getfixturevalue(who)
    assert browser.post(address(house, name, "change"), {"name": "changed"}).status_code == 403


@pytest.mark.parametrize("name", [name for name in WRITTEN if name != "tenant"])
def test_an_owner_may_write(owner, house, name):
    page = owner.get(address(house, name, "change"))
    assert page.context["has_change_permission"]


def test_an_owner_makes_no_tenant(owner, house):
    assert owner.get(reverse("admin:tenants_tenant_add")).status_code == 403


def test_an_owner_cannot_switch_their_tenant_back_on_or_rename_its_slug(owner, house):
    owner.post(
        address(house, "tenant", "change"),
        {
            "name": "New name",
            "slug": "other",
            "time_zone": "Asia/Tokyo",
            "when_unknown": "wait",
            "members-TOTAL_FORMS": 0,
            "members-INITIAL_FORMS": 0,
        },
    )
    found = Tenant.objects.get(pk=house.tenant.pk)
    assert (found.name, found.slug, found.time_zone, found.is_active) == ("New name", "bakery", "Asia/Tokyo", True)


def test_a_choice_offers_ones_own_rows_only(owner, house, other_house):
    form = owner.get(reverse("admin:tenants_channel_add")).context["adminform"].form
    assert set(form.fields["account"].queryset) == {house.account, house.provider_account.account}
    assert list(form.fields["tenant"].queryset) == [house.tenant]


def test_an_account_lent_to_the_tenant_can_be_chosen(owner, house, other_house):
    other_house.account.tenant = None
    other_house.account.save()
    other_house.account.lent_to.add(house.tenant)
    form = owner.get(reverse("admin:tenants_channel_add")).context["adminform"].form
    own = {house.account, house.provider_account.account}
    assert set(form.fields["account"].queryset) == {*own, other_house.account}


def test_another_tenants_account_cannot_be_smuggled_in(owner, house, other_house):
    page = owner.post(
        reverse("admin:tenants_channel_add"),
        {"tenant": house.tenant.pk, "name": "mine", "kind": "zns", "account": other_house.account.pk},
    )
    assert page.status_code == 200
    assert not Channel.objects.filter(name="mine").exists()


def test_a_row_cannot_be_made_for_another_tenant(owner, house, other_house):
    page = owner.post(
        reverse("admin:tenants_channel_add"),
        {"tenant": other_house.tenant.pk, "name": "theirs", "kind": "zns", "account": house.account.pk},
    )
    assert page.status_code == 200
    assert not Channel.objects.filter(name="theirs").exists()


def test_an_owner_here_who_views_there_makes_nothing_there(sign_in, house, other_house):
    browser = sign_in("both", {house.tenant: "owner", other_house.tenant: "viewer"})
    form = browser.get(reverse("admin:tenants_channel_add")).context["adminform"].form
    assert list(form.fields["tenant"].queryset) == [house.tenant]
    assert browser.post(address(other_house, "channel", "change"), {"name": "x"}).status_code == 403


def test_deleting_many_leaves_rows_of_tenants_one_only_views(sign_in, house, other_house):
    RouteStep.objects.all().delete()
    browser = sign_in("both", {house.tenant: "owner", other_house.tenant: "viewer"})
    browser.post(
        listing(house, "channel"),
        {
            "action": "delete_selected",
            "_selected_action": [house.channel.pk, other_house.channel.pk],
            "post": "yes",
        },
    )
    assert Channel.objects.filter(pk=other_house.channel.pk).exists()


def test_an_account_lent_by_the_platform_with_another_owner_is_refused_for_a_channel(platform, house, other_house):
    page = platform.post(
        reverse("admin:tenants_channel_add"),
        {"tenant": house.tenant.pk, "name": "mixed", "kind": "zns", "account": other_house.account.pk},
    )
    assert "neither the tenant&#x27;s own nor lent to it" in page.content.decode()


def test_a_route_takes_no_channel_of_another_tenant(platform, house, other_house):
    page = platform.post(
        reverse("admin:tenants_route_add"),
        {
            "tenant": house.tenant.pk,
            "name": "mixed",
            "steps-TOTAL_FORMS": 1,
            "steps-INITIAL_FORMS": 0,
            "steps-0-position": 1,
            "steps-0-channel": other_house.channel.pk,
        },
    )
    assert "belongs to another tenant than the route" in page.content.decode()


def test_an_owner_picks_members_among_known_people(owner, house, other_house):
    form = owner.get(reverse("admin:tenants_member_add")).context["adminform"].form
    assert set(form.fields["user"].queryset.values_list("username", flat=True)) == {"owner", "bakery-member"}


def test_staff_of_no_tenant_see_nothing(sign_in, house):
    assert sign_in("stranger", {}).get(listing(house, "channel")).status_code == 403


def test_a_member_who_is_no_staff_is_asked_to_sign_in(client, house):
    user = User.objects.create_user("customer")
    Member.objects.create(user=user, tenant=house.tenant, role="owner")
    client.force_login(user)
    assert client.get(listing(house, "channel")).headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("name", ROWS)
def test_the_platform_sees_all(platform, house, other_house, name):
    shown = [row.pk for row in platform.get(listing(house, name)).context["cl"].result_list]
    assert {getattr(house, name).pk, getattr(other_house, name).pk} <= set(shown)


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("view", ["change", "delete"])
def test_every_page_opens(platform, house, name, view):
    assert platform.get(address(house, name, view)).status_code == 200


def test_an_alert_can_be_read_but_not_deleted(platform, house):
    assert platform.get(address(house, "alert", "change")).status_code == 200
    assert platform.get(address(house, "alert", "delete")).status_code == 403


@pytest.mark.parametrize("name", ROWS)
def test_every_list_can_be_searched(platform, house, name):
    assert platform.get(listing(house, name), {"q": "bakery"}).status_code == 200
