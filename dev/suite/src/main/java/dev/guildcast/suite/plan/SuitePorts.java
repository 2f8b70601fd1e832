package dev.guildcast.suite.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Allocates the ports of one suite: at fixed offsets from the first, or free ones.
///
/// From the first: 0 REST base, 1 gateway, 2 ingress over HTTP, 3 ingress over gRPC, 4 voice gateway, 10 Kafka, 11
/// Redis, and from 20 on the ports of the instances in the order of the plan.
///
/// - **Owner:** one thread, while the plan is created.
/// - **Bound:** [#SPAN] ports.
public final class SuitePorts {
    /// The number of ports from the first on that a suite may use.
    public static final int SPAN = 150;

    /// The offsets below are fixed, because people and documentation use them.
    private static final int FIRST_INSTANCE_OFFSET = 20;

    /// A connection on the loopback interface takes microseconds, also on a busy machine far less than this.
    private static final int REACHABLE_MILLIS = 2_000;

    private final int first;
    private final InetAddress address;
    private final Map<Integer, String> allocated = new LinkedHashMap<>();
    private final List<ServerSocket> reserved = new ArrayList<>();
    private int nextOffset = FIRST_INSTANCE_OFFSET;

    /// @param first 0 for free ports
    public SuitePorts(int first) {
        this(first, InetAddress.getLoopbackAddress());
    }

    SuitePorts(int first, InetAddress address) {
        this.first = first;
        this.address = address;
    }

    int rest() {
        return allocate(0, "REST base");
    }

    int gateway() {
        return allocate(1, "gateway");
    }

    int ingress() {
        return allocate(2, "ingress");
    }

    int ingressGrpc() {
        return allocate(3, "ingress over gRPC");
    }

    int voiceGateway() {
        return allocate(4, "voice gateway");
    }

    int kafka() {
        return allocate(10, "Kafka");
    }

    int redis() {
        return allocate(11, "Redis");
    }

    /// @param use for messages, such as `gateway-service-1 http`
    int instance(String use) {
        if (nextOffset >= SPAN) {
            throw new IllegalStateException("more than " + SPAN + " ports");
        }
        return allocate(nextOffset++, use);
    }

    private int allocate(int offset, String use) {
        int port = first == 0 ? reserveFree() : first + offset;
        allocated.put(port, use);
        return port;
    }

    /// Free ports stay bound until the plan is complete, so that none is allocated twice.
    private int reserveFree() {
        try {
            var socket = new ServerSocket(0, 1, address);
            reserved.add(socket);
            return socket.getLocalPort();
        } catch (IOException e) {
            throw noPort(e);
        }
    }

    /// Unbinds the free ports, so that the services can bind them.
    void release() {
        for (var socket : reserved) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        reserved.clear();
    }

    /// Linux lets a process listen on 127.0.0.1 while the loopback interface is down.
    private void requireReachable() {
        try (var server = new ServerSocket(0, 1, address);
                var client = new Socket()) {
            client.connect(server.getLocalSocketAddress(), REACHABLE_MILLIS);
        } catch (IOException e) {
            throw noPort(e);
        }
    }

    /// A process may bind any port, so this is about the address, which an IPv6-only host may lack.
    private IllegalStateException noPort(IOException e) {
        return new IllegalStateException(
                "cannot use the address " + address.getHostAddress() + ", on which all services of a suite listen: "
                        + e.getMessage() + "; enable it (on Linux: ip addr add 127.0.0.1/8 dev lo; ip link set lo up)",
                e);
    }

    /// One message for each allocated port that another process holds.
    ///
    /// @throws IllegalStateException if no port of the loopback address can be bound; the message is for the user
    public List<String> taken() {
        requireReachable();
        var taken = new ArrayList<String>();
        allocated.forEach((port, use) -> {
            try (var socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(address, port));
            } catch (IOException e) {
                taken.add("port " + port + " (" + use + ") is taken");
            }
        });
        return taken;
    }
}
