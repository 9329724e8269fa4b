// A web server on this machine that gives out the files of one folder, while it lives. NAME.redirect leads to the address that
// this file holds. One that `stalls` never sends the last byte of a file.
#pragma once

#include "cairn/core/file.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>

namespace cairn::test {

class HttpServer {
public:
    explicit HttpServer(std::filesystem::path folder, bool stalls = false)
        : folder_(std::move(folder)), stalls_(stalls) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const name = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, name, size) != 0 || ::listen(listener_, 8) != 0 ||
            ::getsockname(listener_, name, &size) != 0)
            throw std::runtime_error("no port to serve on");
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    ~HttpServer() {
        ::shutdown(listener_, SHUT_RDWR);  // ends accept()
        thread_.join();
        ::close(listener_);
    }

    std::string address() const { return fmt::format("http://127.0.0.1:{}/", port_); }
    int requests() const { return requests_; }

private:
    void serve() {
        for (int client; (client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0; ::close(client)) {
            std::string request;
            char buffer[4096];
            while (request.find("\r\n\r\n") == std::string::npos) {
                const ssize_t got = ::recv(client, buffer, sizeof buffer, 0);
                if (got <= 0) break;
                request.append(buffer, static_cast<std::size_t>(got));
            }
            ++requests_;
            const std::size_t begin = request.find('/') + 1;  // "GET /name HTTP/1.1"
            answer(client, request.substr(begin, request.find(' ', begin) - begin));
        }
    }

    void answer(int client, const std::string& name) const {
        const bool found = std::filesystem::is_regular_file(folder_ / name);
        const std::vector<std::uint8_t> body = found ? read_file(folder_ / name) : std::vector<std::uint8_t>();
        std::string status = found ? "200 OK" : "404 Not Found";
        if (name.ends_with(".redirect"))
            status = fmt::format("302 Found\r\nLocation: {}", std::string(body.begin(), body.end()));
        std::string text = fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", status,
                                       body.size() + (stalls_ ? 1 : 0));
        text.append(body.begin(), body.end());
        for (std::size_t sent = 0; sent < text.size();) {
            const ssize_t n = ::send(client, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
            if (n <= 0) return;
            sent += static_cast<std::size_t>(n);
        }
        if (char byte; stalls_) ::recv(client, &byte, 1, 0);  // returns when the other side hangs up
    }

    std::filesystem::path folder_;
    bool stalls_ = false;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> requests_ = 0;
    std::thread thread_;
};

}  // namespace cairn::test
