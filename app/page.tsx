import { HomeRedirect } from '@/components/home';

export default function Page() {
  return <HomeRedirect />;
}
