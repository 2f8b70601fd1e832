package dev.guildcast.gateway.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    /// More than any of the files has: `self/limits`, the longest, has about 1.5 KB.
    private static final int FILE_BYTES_MAX = 16 * 1024;

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
            return readAtOnce(proc.resolve(file)).strip();
        } catch (IOException notThere) {
            return "";
        }
    }

    /// Files of `/proc/sys` give their text to the first read only, and have size zero: what asks for the size first,
    /// as `Files.readString` does, reads one byte and then nothing.
    private static String readAtOnce(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var text = ByteBuffer.allocate(FILE_BYTES_MAX);
            while (text.hasRemaining() && channel.read(text) >= 0) {
                // A file on disk may take several reads.
            }
            return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
        }
    }
}
