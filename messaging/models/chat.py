"""The chat of official accounts: who talks with them, and what was said."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.models import Account, Tenant


class Contact(models.Model):
    """A person as one official account knows them; of the platform's own accounts the tenant is empty.

    The person is found by the keyed hash of their user id at the account, and by that of their phone number where they
    gave it; `profile` holds what the provider tells of them, sealed and bound to the hash, empty once it was erased.
    `last_interaction_at` feeds the windows in which the account may write; what happened before `erased_at` is not
    taken in again. `touched_at` is when anything was last heard or said, `listed_at` when a sync last found the person
    among the followers, `detailed_at` when it last asked for the profile.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, null=True, related_name="contacts", verbose_name=_("tenant"))
    account = models.ForeignKey(Account, models.CASCADE, related_name="contacts", verbose_name=_("account"))
    person_hash = models.BinaryField(editable=False)
    phone_hash = models.BinaryField(null=True, editable=False)
    profile = models.BinaryField(editable=False)
    data_key_id = models.BigIntegerField(editable=False)
    followed_at = models.DateTimeField(_("follows since"), null=True)
    unfollowed_at = models.DateTimeField(_("followed until"), null=True)
    last_interaction_at = models.DateTimeField(_("last interaction"), null=True)
    consent_at = models.DateTimeField(_("came of their own accord"), null=True)
    withdrawn_at = models.DateTimeField(_("consent withdrawn"), null=True)
    erased_at = models.DateTimeField(_("erased"), null=True)
    touched_at = models.DateTimeField(_("last heard or said"))
    listed_at = models.DateTimeField(null=True, editable=False)
    detailed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        db_table = "contact"
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(F("tenant"), F("touched_at").desc(), name="contact_by_time"),
            models.Index(fields=["phone_hash"], name="contact_by_phone", condition=Q(phone_hash__isnull=False)),
        ]
        constraints = [models.UniqueConstraint(fields=["person_hash", "account"], name="one_contact_of_an_account")]

    def __str__(self) -> str:
        return f"{_('contact')} {self.pk}"

    @property
    def follows(self) -> bool:
        """Return whether the person follows the account, as far as is known."""
        if self.followed_at is None:
            return False
        return self.unfollowed_at is None or self.followed_at > self.unfollowed_at

    @property
    def withdrawn(self) -> bool:
        """Return whether the person withdrew their consent and has not come back since."""
        if self.withdrawn_at is None:
            return False
        return self.consent_at is None or self.consent_at <= self.withdrawn_at


class ChatLine(models.Model):
    """One message of a conversation, in or out, known by the provider's id; `body` is sealed.

    `message_id` is given where the message is one of ours, `by_person` says that somebody wrote it in the provider's
    own console.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="lines", db_index=False)
    account_id = models.BigIntegerField()
    provider_message_id = models.CharField(max_length=128)
    inbound = models.BooleanField()
    kind = models.CharField(max_length=32)
    by_person = models.BooleanField(default=False)
    message_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_index=True)
    body = models.BinaryField()
    data_key_id = models.BigIntegerField()

    class Meta:
        db_table = "chat_line"
        indexes = [models.Index(F("contact"), F("at").desc(), name="chat_line_of_contact")]
        constraints = [
            models.UniqueConstraint(fields=["account_id", "provider_message_id"], name="one_line_of_a_message")
        ]


class FollowerSync(models.Model):
    """How far the list of an official account's followers was read; `leased_until` keeps two readers apart."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="follower_sync")
    next_offset = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    error = models.TextField(default="")

    class Meta:
        db_table = "follower_sync"
