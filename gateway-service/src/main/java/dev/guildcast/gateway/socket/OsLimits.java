package dev.guildcast.gateway.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares limits of the operating system with the gateway's settings: file descriptors, the accept backlog, and a
/// listening port that outgoing connections may take.
///
/// Reads Linux's `/proc`; on other systems it warns of nothing.
final class OsLimits {
    private static final Logger log = LoggerFactory.getLogger(OsLimits.class);
    /// File descriptors beyond client sockets: files, libraries, and connections to other services.
    private static final long OTHER_DESCRIPTORS = 512;

    private final Path proc;

    OsLimits() {
        this(Path.of("/proc"));
    }

    OsLimits(Path proc) {
        this.proc = proc;
    }

    /// One sentence for each setting that should be changed; empty when all limits suffice.
    ///
    /// @param port the port that clients connect to; 0: not known
    List<String> warnings(int connectionsMax, int backlog, int port) {
        var warnings = new ArrayList<String>();
        openFilesMax().ifPresent(files -> {
            if (files < connectionsMax + OTHER_DESCRIPTORS) {
                warnings.add("this process may open " + files + " files, but gateway.connections.max is "
                        + connectionsMax + "; further connections will fail: raise the limit (ulimit -n) to "
                        + (connectionsMax + OTHER_DESCRIPTORS) + " or lower the property");
            }
        });
        number("sys/net/core/somaxconn").ifPresent(somaxconn -> {
            if (somaxconn < backlog) {
                warnings.add("net.core.somaxconn is " + somaxconn + " and caps gateway.socket.backlog, which is "
                        + backlog + ": raise it, or connections are refused when many clients come at once");
            }
        });
        var range = text("sys/net/ipv4/ip_local_port_range").split("\\s+");
        if (range.length == 2 && port > 0) {
            int from = Integer.parseInt(range[0]);
            int to = Integer.parseInt(range[1]);
            if (port >= from && port <= to) {
                warnings.add("server.port " + port + " lies in net.ipv4.ip_local_port_range " + from + "-" + to
                        + ": an outgoing connection may hold it when the gateway starts");
            }
        }
        return warnings;
    }

    void logWarnings(int connectionsMax, int backlog, int port) {
        warnings(connectionsMax, backlog, port).forEach(log::warn);
    }

    private OptionalLong openFilesMax() {
        return text("self/limits")
                .lines()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.substring("Max open files".length()).strip().split("\\s+")[0])
                .filter(soft -> !soft.equals("unlimited"))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private OptionalLong number(String file) {
        var text = text(file);
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    private String text(String file) {
        try {
            return Files.readString(proc.resolve(file)).strip();
        } catch (IOException notThere) {
            return "";
        }
    }
}
