"""Reading ads: substances, places, offers and contacts, each traced to its words."""
