"""What an SMS says: texts with their parameters, the parts that they take, and Vietnamese without its marks."""
