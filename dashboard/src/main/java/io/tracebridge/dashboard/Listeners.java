/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import com.linecorp.armeria.server.ServerBuilder;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** The addresses to listen at. */
final class Listeners {
    private static final int[] ALIASES = {4317, 4318};
    private static final int FIRST_UNPRIVILEGED = 1_024;
    private static final int PROBE_MILLIS = 500;

    private final List<InetAddress> addresses;
    private final int port;
    private final List<Integer> aliases = new ArrayList<>();
    private final List<Integer> takenAliases = new ArrayList<>();

    private Listeners(List<InetAddress> addresses, int port) {
        this.addresses = addresses;
        this.port = port;
    }

    /** @throws DashboardStartException when the main port cannot be used or the host is unknown or another machine's */
    static Listeners choose(DashboardOptions options) {
        List<InetAddress> addresses = addresses(options.host());
        int port = options.port() == 0 ? freePort(addresses.get(0)) : options.port();
        // without IPv6 the second loopback address cannot be bound
        addresses.removeIf(address -> address instanceof Inet6Address
                && addresses.size() > 1
                && !isFree(address, port)
                && !isFree(address, 0));
        for (InetAddress address : addresses) {
            if (!isFree(address, port)) {
                throw new DashboardStartException(whyNot(address, port));
            }
        }
        Listeners listeners = new Listeners(addresses, port);
        if (options.aliases()) {
            for (int alias : ALIASES) {
                boolean free = addresses.stream().allMatch(address -> isFree(address, alias));
                (free ? listeners.aliases : listeners.takenAliases).add(alias);
            }
        }
        return listeners;
    }

    void bind(ServerBuilder server) {
        for (InetAddress address : addresses) {
            server.http(new InetSocketAddress(address, port));
            aliases.forEach(alias -> server.http(new InetSocketAddress(address, alias)));
        }
    }

    int port() {
        return port;
    }

    List<Integer> aliases() {
        return aliases;
    }

    List<Integer> takenAliases() {
        return takenAliases;
    }

    private static List<InetAddress> addresses(String host) {
        try {
            List<InetAddress> addresses = new ArrayList<>();
            if (host.equals("localhost") || host.equals(DashboardOptions.DEFAULT_HOST)) {
                addresses.add(InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1}));
                byte[] one = new byte[16];
                one[15] = 1;
                addresses.add(InetAddress.getByAddress("::1", one));
                return addresses;
            }
            addresses.addAll(List.of(InetAddress.getAllByName(host)));
            return addresses;
        } catch (UnknownHostException e) {
            throw new DashboardStartException(
                    "The host " + host + " is not known here. Use an address of this machine.");
        }
    }

    private static int freePort(InetAddress address) {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new DashboardStartException(whyNot(address, 0));
        }
    }

    /** A port can be taken, or be one that only administrators may use, or the address can be another machine's. */
    private static String whyNot(InetAddress address, int port) {
        if (!isFree(address, 0)) {
            return "Cannot listen at " + address.getHostAddress()
                    + ": it is no address of this machine. Choose one with --host.";
        }
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(address, port), PROBE_MILLIS);
        } catch (IOException e) {
            if (port < FIRST_UNPRIVILEGED) {
                return "Port " + port + " cannot be used: ports below " + FIRST_UNPRIVILEGED
                        + " are for administrators. Choose another port with --port.";
            }
        }
        return "Port " + port + " is in use, perhaps by another dashboard or by Spotlight."
                + " Stop that one, or choose another port with --port.";
    }

    private static boolean isFree(InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // what is left of connections to a dashboard that was just stopped does not count
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
