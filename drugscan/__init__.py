"""drugscan reads public Telegram messages and finds the drug ads among them."""
