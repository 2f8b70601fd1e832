package dev.guildcast.gateway.socket;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Who a request comes from, and how, as proxies that are trusted say.
///
/// Each proxy appends the address from which it has received the request: from the right, addresses are believed as
/// long
/// as the proxy that has written them is trusted. What is left of the first untrusted one, its owner may have made up.
///
/// @param address of the client
/// @param scheme by which it came, `http` or `https`; empty if no proxy says
/// @param host that it named, with any port; empty if no proxy says
record ForwardedClient(InetAddress address, String scheme, String host) {
    /// Longer chains come from nobody but an attacker.
    private static final int HOPS_MAX = 32;
    private static final Pattern PORT = Pattern.compile("(?:\\[(.+)]|([^:]+))(?::[0-9]+)?");
    private static final Pattern HOST =
            Pattern.compile("[a-zA-Z0-9.-]+(:[0-9]{1,5})?|\\[[0-9a-fA-F:.]+](:[0-9]{1,5})?");

    private record Hop(String address, String scheme, String host) {}

    /// @param remote from which the connection was made
    /// @return empty if the headers are not to be believed, or there are none
    static Optional<ForwardedClient> of(InetAddress remote, HttpHeaders headers, Predicate<InetAddress> trusted) {
        if (!trusted.test(remote)) {
            return Optional.empty();
        }
        var hops = headers.contains("Forwarded") ? forwarded(headers) : xForwarded(headers);
        if (hops.isEmpty() || hops.size() > HOPS_MAX) {
            return Optional.empty();
        }
        var client = remote;
        var scheme = "";
        var host = "";
        for (int i = hops.size() - 1; i >= 0 && trusted.test(client); i--) {
            var hop = hops.get(i);
            scheme = hop.scheme().isEmpty() ? scheme : hop.scheme();
            host = hop.host().isEmpty() ? host : hop.host();
            var address = address(hop.address());
            if (address.isEmpty()) {
                // "unknown", or malformed: nothing to its left is known to be of a proxy.
                break;
            }
            client = address.get();
        }
        return Optional.of(new ForwardedClient(client, scheme, host));
    }

    /// RFC 7239.
    private static List<Hop> forwarded(HttpHeaders headers) {
        var hops = new ArrayList<Hop>();
        for (var element : values(headers, "Forwarded")) {
            var address = "";
            var scheme = "";
            var host = "";
            for (var pair : element.split(";")) {
                int equals = pair.indexOf('=');
                if (equals < 0) {
                    continue;
                }
                var value = pair.substring(equals + 1).strip().replaceAll("^\"|\"$", "");
                switch (pair.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
                    case "for" -> address = value;
                    case "proto" -> scheme = scheme(value);
                    case "host" -> host = host(value);
                    default -> {}
                }
            }
            hops.add(new Hop(address, scheme, host));
        }
        return hops;
    }

    private static List<Hop> xForwarded(HttpHeaders headers) {
        var addresses = values(headers, "X-Forwarded-For");
        var schemes = values(headers, "X-Forwarded-Proto");
        var hosts = values(headers, "X-Forwarded-Host");
        var hops = new ArrayList<Hop>();
        for (int i = 0; i < addresses.size(); i++) {
            hops.add(new Hop(
                    addresses.get(i), scheme(at(schemes, i, addresses.size())), host(at(hosts, i, addresses.size()))));
        }
        return hops;
    }

    /// That of each hop if each has one; else the last, which the nearest proxy has written.
    private static String at(List<String> values, int index, int hops) {
        if (values.isEmpty()) {
            return "";
        }
        return values.size() == hops ? values.get(index) : values.getLast();
    }

    private static List<String> values(HttpHeaders headers, String name) {
        var values = new ArrayList<String>();
        for (var line : headers.getAll(name)) {
            for (var value : line.split(",")) {
                values.add(value.strip());
            }
        }
        return values;
    }

    private static Optional<InetAddress> address(String text) {
        var whole = AddressRange.address(text);
        if (whole.isPresent()) {
            return whole;
        }
        var withPort = PORT.matcher(text);
        if (!withPort.matches()) {
            return Optional.empty();
        }
        return AddressRange.address(withPort.group(1) == null ? withPort.group(2) : withPort.group(1));
    }

    private static String scheme(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "https", "wss" -> "https";
            case "http", "ws" -> "http";
            default -> "";
        };
    }

    private static String host(String text) {
        return HOST.matcher(text).matches() ? text : "";
    }
}
