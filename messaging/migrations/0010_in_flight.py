from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0009_carriage'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='due',
            index=models.Index(fields=['lane_id'], name='due_in_flight', condition=Q(phase=1)),
        ),
    ]
