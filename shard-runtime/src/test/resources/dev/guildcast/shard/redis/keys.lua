return {KEYS[1]}
