"""placeholder"""
def environment_spoilers():
    return ()
