import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The server serves dist/ at `/`; `npm run dev -w @holdfast/console` proxies the API to a server on the default port.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', sourcemap: false },
  server: { proxy: { '/api': 'http://127.0.0.1:8400' } },
});
