// StartupBannerTests.swift - what a person sees first.

import CollectorServer
import Testing

struct StartupBannerTests {
    @Test func `the banner says what runs, where, and how to send to it`() {
        let address = ListenAddress(host: "127.0.0.1", port: 43_180)
        let addresses = ServedAddresses(http: address)
        let lines = StartupBanner(addresses: addresses, dataDirectory: "/data").text.split(separator: "\n")
        #expect(lines.contains("skein \(SkeinVersion.current)"))
        #expect(lines.contains("  listening  127.0.0.1:43180"))
        #expect(lines.contains("  data       /data"))
        #expect(lines.contains("  access     this machine, no key needed"))
        #expect(lines.contains("  export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:43180"))
        #expect(lines.contains("  export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"))
    }

    @Test func `the banner shows both addresses where gRPC is served`() {
        let http = ListenAddress(host: "127.0.0.1", port: 43_180)
        let addresses = ServedAddresses(http: http, grpc: ListenAddress(host: "::1", port: 43_170))
        let lines = StartupBanner(addresses: addresses, dataDirectory: "/data").text.split(separator: "\n")
        #expect(lines.contains("  listening  127.0.0.1:43180 (HTTP), [::1]:43170 (gRPC)"))
        #expect(lines.contains("  export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:43180"))
    }

    @Test func `the banner says who gets in`() {
        var addresses = ServedAddresses(http: ListenAddress(host: "127.0.0.1", port: 1))
        addresses.grpc = ListenAddress(host: "0.0.0.0", port: 2)
        #expect(StartupBanner(addresses: addresses, dataDirectory: "/data").text.contains("access     EVERYBODY"))
        addresses.needsKey = true
        let text = StartupBanner(addresses: addresses, dataDirectory: "/data").text
        #expect(text.contains("access     with a key"))
        #expect(text.contains("export OTEL_EXPORTER_OTLP_HEADERS=x-api-key=KEY\n"))
    }

    @Test(arguments: [("0.0.0.0", "http://127.0.0.1:1"), ("::", "http://[::1]:1"), ("::1", "http://[::1]:1")])
    func `the endpoint can be reached as it is printed`(_ host: String, _ url: String) {
        let banner = StartupBanner(
            addresses: ServedAddresses(http: ListenAddress(host: host, port: 1)),
            dataDirectory: "/data"
        )
        #expect(banner.text.contains("ENDPOINT=\(url)\n"))
    }
}
