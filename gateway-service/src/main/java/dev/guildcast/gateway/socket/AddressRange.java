package dev.guildcast.gateway.socket;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/// A range of IP addresses.
///
/// @param first address of it
/// @param bits of the prefix that its addresses share
record AddressRange(InetAddress first, int bits) {
    /// Digits, so that no name is ever looked up.
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /// @param text an address, or `address/bits`
    /// @throws IllegalArgumentException if it is neither
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        var address = address(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException(
                        text + " is no address (expected: such as 10.0.0.0/8, 192.0.2.7 or fd00::/8)"));
        int most = address.getAddress().length * Byte.SIZE;
        int bits = most;
        if (slash >= 0) {
            try {
                bits = Integer.parseInt(text.substring(slash + 1));
            } catch (NumberFormatException e) {
                bits = -1;
            }
        }
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException(text + " has no valid prefix (expected: /0 to /" + most + ")");
        }
        return new AddressRange(address, bits);
    }

    /// An address from its literal; empty if it is none.
    static Optional<InetAddress> address(String literal) {
        if (!LITERAL.matcher(literal).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(literal));
        } catch (UnknownHostException invalid) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress address) {
        var one = first.getAddress();
        var other = address.getAddress();
        if (one.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((one[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }
}
