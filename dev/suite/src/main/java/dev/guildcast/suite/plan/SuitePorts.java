package dev.guildcast.suite.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Gives out the ports of one suite, counted from the first, or free ones.
///
/// From the first: 0 REST base, 1 gateway, 2 ingress over HTTP, 3 ingress over gRPC, 10 Kafka, 11 Redis, and from 20 on
/// the ports of the instances in the order of the plan.
///
/// - **Owner:** one thread, while the plan is made.
/// - **Bound:** [#SPAN] ports.
public final class SuitePorts {
    /// How many ports from the first on a suite may use.
    public static final int SPAN = 150;

    private static final int INSTANCES = 20;

    private final int first;
    private final Map<Integer, String> given = new LinkedHashMap<>();
    private final List<ServerSocket> held = new ArrayList<>();
    private int next = INSTANCES;

    /// @param first 0 for free ports
    public SuitePorts(int first) {
        this.first = first;
    }

    int rest() {
        return give(0, "REST base");
    }

    int gateway() {
        return give(1, "gateway");
    }

    int ingress() {
        return give(2, "ingress");
    }

    int ingressGrpc() {
        return give(3, "ingress over gRPC");
    }

    int kafka() {
        return give(10, "Kafka");
    }

    int redis() {
        return give(11, "Redis");
    }

    /// @param use for a person to read, such as `gateway-service-1 http`
    int instance(String use) {
        if (next >= SPAN) {
            throw new IllegalStateException("more than " + SPAN + " ports");
        }
        return give(next++, use);
    }

    private int give(int offset, String use) {
        int port = first == 0 ? free() : first + offset;
        given.put(port, use);
        return port;
    }

    /// All stay bound until the plan is made, so that none is found twice.
    private int free() {
        try {
            var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    /// Lets go of the free ports, for the services to take them.
    void release() {
        for (var socket : held) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        held.clear();
    }

    /// Which of the given ports another process holds: a sentence for each.
    public List<String> taken() {
        var taken = new ArrayList<String>();
        given.forEach((port, use) -> {
            try (var socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                taken.add("port " + port + " (" + use + ") is taken");
            }
        });
        return taken;
    }
}
