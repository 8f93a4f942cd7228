"""At how many centres the patients were treated."""
