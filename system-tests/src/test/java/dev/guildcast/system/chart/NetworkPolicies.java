package dev.guildcast.system.chart;

import static dev.guildcast.system.chart.Chart.cast;
import static dev.guildcast.system.chart.Chart.list;
import static dev.guildcast.system.chart.Chart.map;
import static dev.guildcast.system.chart.Chart.objects;
import static dev.guildcast.system.chart.Chart.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the rendered NetworkPolicies permit, decided as a cluster would: a connection between two pods needs an egress
/// rule at one end and an ingress rule at the other, and a pod that no policy selects may do anything.
final class NetworkPolicies {
    /// A pod or a host outside of the cluster.
    ///
    /// @param labels none: it is no pod, and only rules without peers or with its CIDR include it
    record Party(String name, String namespace, Map<String, String> labels, String address) {
        static Party pod(String name, String namespace, Map<String, String> labels) {
            return new Party(name, namespace, labels, "10.0.0.7");
        }

        static Party host(String name, String address) {
            return new Party(name, "", Map.of(), address);
        }

        boolean isPod() {
            return !namespace.isEmpty();
        }
    }

    private final List<Map<String, Object>> policies;
    private final Map<String, Party> services = new TreeMap<>();

    NetworkPolicies(String rendered) {
        policies = objects(rendered, "NetworkPolicy");
        for (var deployment : objects(rendered, "Deployment")) {
            var labels = new LinkedHashMap<String, String>();
            map(deployment, "spec", "template", "metadata", "labels")
                    .forEach((key, value) -> labels.put(key, value.toString()));
            String name = labels.get("app.kubernetes.io/name");
            services.put(name, Party.pod(name, "chat", labels));
        }
    }

    Party service(String name) {
        return services.get(name);
    }

    /// `caller -> callee:port` between the services, over the given ports.
    Set<String> arrows(Set<Integer> ports) {
        var arrows = new TreeSet<String>();
        for (var from : services.values()) {
            for (var to : services.values()) {
                for (int port : ports) {
                    if (!from.equals(to) && permits(from, to, "TCP", port)) {
                        arrows.add(from.name() + " -> " + to.name() + ":" + port);
                    }
                }
            }
        }
        return arrows;
    }

    boolean permits(Party from, Party to, String protocol, int port) {
        return permits(from, to, "Egress", "egress", "to", protocol, port)
                && permits(to, from, "Ingress", "ingress", "from", protocol, port);
    }

    private boolean permits(
            Party self, Party other, String type, String rules, String peers, String protocol, int port) {
        boolean selected = false;
        for (var policy : policies) {
            var spec = map(policy, "spec");
            if (!self.isPod()
                    || !self.namespace()
                            .equals(text(policy, "metadata", "namespace").replace("null", "chat"))
                    || !matches(map(spec, "podSelector"), self.labels())
                    || !((List<?>) spec.get("policyTypes")).contains(type)) {
                continue;
            }
            selected = true;
            if (spec.get(rules) != null
                    && list(spec, rules).stream()
                            .anyMatch(rule -> hasPort(rule, protocol, port) && hasPeer(rule, peers, other))) {
                return true;
            }
        }
        return !selected;
    }

    private static boolean hasPort(Map<String, Object> rule, String protocol, int port) {
        return list(rule, "ports").isEmpty()
                || list(rule, "ports").stream()
                        .anyMatch(each -> protocol.equals(each.get("protocol"))
                                && each.get("port").equals(port));
    }

    private static boolean hasPeer(Map<String, Object> rule, String key, Party other) {
        // An absent or empty list includes everybody: the trap of this format.
        return list(rule, key).isEmpty() || list(rule, key).stream().anyMatch(peer -> isPeer(peer, other));
    }

    private static boolean isPeer(Map<String, Object> peer, Party other) {
        if (peer.containsKey("ipBlock")) {
            return !other.isPod() && contains(text(peer, "ipBlock", "cidr"), other.address());
        }
        if (!other.isPod()) {
            return false;
        }
        boolean inNamespace = peer.containsKey("namespaceSelector")
                ? matches(map(peer, "namespaceSelector"), Map.of("kubernetes.io/metadata.name", other.namespace()))
                : other.namespace().equals("chat");
        return inNamespace && (!peer.containsKey("podSelector") || matches(map(peer, "podSelector"), other.labels()));
    }

    /// Whole octets of IPv4 only, which is what the tests write.
    private static boolean contains(String cidr, String address) {
        int octets = Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1)) / 8;
        return List.of(cidr.substring(0, cidr.indexOf('/')).split("\\."))
                .subList(0, octets)
                .equals(List.of(address.split("\\.")).subList(0, octets));
    }

    private static boolean matches(Map<String, Object> selector, Map<String, String> labels) {
        if (!Set.of("matchLabels").containsAll(selector.keySet())) {
            throw new AssertionError("not understood: " + selector);
        }
        return !selector.containsKey("matchLabels")
                || labels.entrySet()
                        .containsAll(cast(selector.get("matchLabels")).entrySet());
    }
}
